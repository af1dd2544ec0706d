import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { argv } from "node:process";
import { codeCachePath, sealCodeCache } from "../../src/cli/launcher/code-cache.ts";
import { compileBundle, runBundle } from "../../src/cli/launcher/load-bundle.ts";
import { writeFileAtomic } from "../../src/host/files/files.ts";
import { warmUp } from "./warm-up.ts";

const [, , bundlePath = ""] = argv;
const script = compileBundle(bundlePath);
const folder = await mkdtemp(join(tmpdir(), "tsmachine-warm-up-"));
try {
  await warmUp(runBundle(script, bundlePath), folder);
} finally {
  await rm(folder, { recursive: true, force: true });
}
const code = sealCodeCache(script.createCachedData());
await writeFileAtomic(codeCachePath(bundlePath, process), code, { mode: 0o644 });
