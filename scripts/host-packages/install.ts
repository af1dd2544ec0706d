import { chmod, mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readTextIfPresent } from "../../src/host/files/files.ts";
import { runAttached } from "../../src/host/processes/run-attached.ts";
import { type AptScratch, aptCommands, type Installation, sourceLine } from "./apt.ts";

/**
 * Installs packages with apt, which shows on the terminal what it does.
 * @returns whether apt was able to
 */
export async function install(installation: Installation, as: "root" | "sudo"): Promise<boolean> {
  const asRoot = ([program = "", ...args]: readonly string[]) =>
    as === "root" ? runAttached(program, args) : runAttached("sudo", [program, ...args]);
  const folder = await mkdtemp(join(tmpdir(), "tsmachine-apt-"));
  try {
    const scratch = await fillScratch(folder, installation);
    const [update = [], install = []] = aptCommands(installation, scratch).map((command) => [
      "env",
      "DEBIAN_FRONTEND=noninteractive",
      ...command,
    ]);
    // One broken source among several is no reason to give up; what it was needed for will fail.
    await asRoot(update);
    return (await asRoot(install)) === 0;
  } finally {
    // apt has written into it as another user.
    await asRoot(["rm", "-rf", folder]);
  }
}

async function fillScratch(folder: string, { extraSource }: Installation): Promise<AptScratch> {
  const sourcesList = join(folder, "sources.list");
  const listsDirectory = join(folder, "lists");
  // apt downloads as a user of its own.
  await chmod(folder, 0o755);
  await mkdir(listsDirectory, { mode: 0o755 });
  const usual = (await readTextIfPresent("/etc/apt/sources.list")) ?? "";
  const extra = extraSource === undefined ? "" : sourceLine(extraSource);
  await writeFile(sourcesList, `${usual}\n${extra}\n`);
  return { sourcesList, listsDirectory };
}
