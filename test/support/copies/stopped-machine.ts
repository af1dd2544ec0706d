import { createHash } from "node:crypto";
import { open, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { exportMachine } from "../../../src/core/copies/export-machine.ts";
import { stopMachine } from "../../../src/core/machine/power.ts";
import { type BundleMember, editTar } from "../bundle/members.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import { type CoreWorld, type createRequest, runningMachine } from "../worlds/core-world.ts";

const mebibyte = 2 ** 20;

/** Bytes of the disk that `stoppedMachine` makes; no whole number of an archive's parts. */
export const diskBytes = 21 * mebibyte;

/** What is in that disk, by the byte that it begins at; all else is zeros. */
const diskContent: ReadonlyMap<number, string> = new Map([
  [0, "the beginning"],
  [9 * mebibyte + 7, "the middle"],
  [diskBytes - 7, "the end"],
]);

/** A machine that is off, with a disk. */
export async function stoppedMachine(
  world: CoreWorld,
  changes: Parameters<typeof createRequest>[0] = {},
): Promise<void> {
  const { name } = await runningMachine(world, changes);
  await stopMachine(world.context, name);
  const file = await open(diskOf(world, name), "w", 0o600);
  await file.truncate(diskBytes);
  for (const [at, text] of diskContent) await file.write(text, at);
  await file.close();
}

/** The path of the disk that a machine of the fake provider has. */
export function diskOf({ context }: CoreWorld, name: string): string {
  return join(context.store.machineLayout(name).directory, "data.raw");
}

/** Of 20 MiB, which a test's runner cannot compare in any other form. */
export async function digestOfDisk(world: CoreWorld, name: string): Promise<string> {
  const disk = await readFile(diskOf(world, name));
  return createHash("sha256").update(disk).digest("hex");
}

/** The path of an archive of the stopped machine. */
export async function exportedMachine(world: CoreWorld, name = "dev"): Promise<string> {
  const path = join(await temporaryDirectory(), "dev.tsmachine");
  await exportMachine(world.context, { name, path, existing: "kept" });
  return path;
}

/** Writes the archive anew with other members. */
export async function editArchive(
  path: string,
  edit: (members: readonly BundleMember[]) => readonly BundleMember[],
): Promise<void> {
  const tar = gunzipSync(await readFile(path));
  await writeFile(path, gzipSync(await editTar(tar, edit)));
}
