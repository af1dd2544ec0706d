import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundleProgram } from "../run-typescript.ts";

/** A kind of machine that is all but its guest, and up at once. */
export interface GuestlessMachine extends AsyncDisposable {
  /** Flags of `create` for one. */
  readonly flags: readonly string[];
}

export async function prepareGuestlessMachine(): Promise<GuestlessMachine> {
  const program = await bundleProgram(new URL("guestless-qemu.ts", import.meta.url));
  const folder = await mkdtemp(join(tmpdir(), "tsmachine-guestless-"));
  const path = join(folder, "qemu-system-x86_64");
  const script = [
    "#!/bin/sh",
    'case "$*" in',
    '  --version) echo "QEMU emulator version 10.0.2 (without a guest)" ;;',
    "  \"-accel help\") printf 'Accelerators supported in QEMU binary:\\ntcg\\n' ;;",
    `  *) exec '${process.execPath}' '${program.path}' "$@" ;;`,
    "esac",
  ];
  await writeFile(path, `${script.join("\n")}\n`);
  await chmod(path, 0o755);
  return {
    flags: ["--kvm-program", path, "--kvm-accel", "tcg", "--kvm-disk-size", "512"],
    async [Symbol.asyncDispose]() {
      await program[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
