// Bundles src/ into dist/: one entry, with everything that is imported lazily in chunks of its own,
// so that a command loads only what it needs.
import { readFile, rm } from "node:fs/promises";
import { build } from "esbuild";

const { version } = JSON.parse(await readFile(new URL("../package.json", import.meta.url), "utf8"));
const outdir = new URL("../dist/", import.meta.url).pathname;

await rm(outdir, { recursive: true, force: true });

await build({
  entryPoints: ["src/cli/main.ts"],
  outdir,
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20.19",
  packages: "external",
  define: { TSMACHINE_VERSION: JSON.stringify(version) },
  logLevel: "warning",
});
