import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { temporaryDirectory } from "../temporary-directory.ts";

/** Devices in place of those that the KVM provider gives a machine: arguments of `-device`. */
export interface Hardware {
  readonly machineType: "q35" | "pc";
  readonly dataDisk: string;
  readonly engineImage: string;
  readonly seedImage: string;
  readonly network: string;
  /** A controller that the devices above need. */
  readonly controller?: string;
}

/** A program to be run as QEMU, which gives machines this hardware. */
export async function qemuWithHardware(hardware: Hardware): Promise<string> {
  const { machineType, dataDisk, engineImage, seedImage, network, controller } = hardware;
  const first = controller === undefined ? "" : `set -- "$@" ${controller} -device; `;
  const program = [
    "#!/bin/sh",
    "for word; do",
    "  shift",
    '  case "$word" in',
    `  q35) word=${machineType} ;;`,
    `  virtio-blk-pci,drive=data,*) ${first}word=${dataDisk},drive=data ;;`,
    `  virtio-blk-pci,drive=engine,*) word=${engineImage},drive=engine ;;`,
    `  virtio-blk-pci,drive=seed,*) word=${seedImage},drive=seed ;;`,
    `  virtio-net-pci,*) word=${network},\${word#*,} ;;`,
    "  esac",
    '  set -- "$@" "$word"',
    "done",
    'exec qemu-system-x86_64 "$@"',
    "",
  ].join("\n");
  const path = join(await temporaryDirectory(), "qemu");
  await writeFile(path, program);
  await chmod(path, 0o755);
  return path;
}
