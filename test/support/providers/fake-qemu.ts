import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { temporaryDirectory } from "../temporary-directory.ts";

/**
 * A folder for PATH with a program that says it is a QEMU, and whose machines are whatever the shell
 * script `machine` does: for what a real QEMU cannot be brought to do.
 */
export async function fakeQemuFolder({
  name = "qemu-system-x86_64",
  version = "10.0.2",
  accelerators = ["tcg"],
  machine = "exit 1",
}: {
  name?: string;
  version?: string;
  accelerators?: readonly string[];
  machine?: string;
} = {}): Promise<string> {
  const folder = join(await temporaryDirectory(), "bin");
  await mkdir(folder);
  const path = join(folder, name);
  const script = [
    "#!/bin/sh",
    'case "$*" in',
    `  --version) echo "QEMU emulator version ${version} (Fake)" ;;`,
    `  "-accel help") printf 'Accelerators supported in QEMU binary:\\n${accelerators.join("\\n")}\\n' ;;`,
    `  *) ${machine} ;;`,
    "esac",
  ];
  await writeFile(path, `${script.join("\n")}\n`);
  await chmod(path, 0o755);
  return folder;
}
