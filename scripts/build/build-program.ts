import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { writeFileAtomic } from "../../src/host/files/files.ts";
import {
  type BundledFile,
  bundleAgent,
  bundleLauncher,
  bundleProgram,
  type Sources,
} from "./bundle.ts";
import { makeCodeCache } from "./make-code-cache.ts";

export interface Build extends Sources {
  /** What becomes dist/; whatever else is in it is removed. */
  readonly outputFolder: string;
}

/**
 * Writes the launcher, the bundles and the program's code cache. The launcher, which names the bundles,
 * comes last: until then whatever was built before is whole, and afterwards the new one is.
 */
export async function buildProgram({ outputFolder, ...sources }: Build): Promise<void> {
  const write = ({ name, text }: BundledFile) =>
    writeFileAtomic(join(outputFolder, name), text, { mode: 0o644 });
  const program = await bundleProgram(sources);
  const agent = await bundleAgent(sources);
  const launcher = await bundleLauncher(sources, { program: program.name, agent: agent.name });
  await mkdir(outputFolder, { recursive: true });
  await write(program);
  await write(agent);
  await makeCodeCache(sources.packageFolder, join(outputFolder, program.name));
  await write(launcher);
  for (const name of await readdir(outputFolder)) {
    const isCurrent =
      name === launcher.name || name === agent.name || name.startsWith(program.name);
    if (!isCurrent) await rm(join(outputFolder, name), { recursive: true });
  }
}
