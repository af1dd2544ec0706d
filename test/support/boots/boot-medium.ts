import { readFile } from "node:fs/promises";
import type { Architecture } from "../../../src/host/architecture.ts";
import { run } from "../../../src/host/processes/run.ts";

export interface Boot {
  readonly architecture: Architecture;
  readonly iso: string;
  /** Arguments of QEMU: machine and firmware. */
  readonly firmware: readonly string[];
  /** Arguments of QEMU: the device of the drive "iso". */
  readonly medium: readonly string[];
  /** Where the console's output goes. */
  readonly log: string;
}

const programs = { amd64: "qemu-system-x86_64", arm64: "qemu-system-aarch64" } as const;
const processors = { amd64: "max", arm64: "cortex-a72" } as const;

/** Boots until the guest switches itself off; gives back what it printed. */
export async function bootMedium(boot: Boot): Promise<string> {
  const { architecture, iso, firmware, medium, log } = boot;
  const words = [
    ...["-nodefaults", "-no-user-config", "-display", "none", "-no-reboot"],
    ...["-accel", "tcg", "-cpu", processors[architecture], "-m", "512", "-serial", `file:${log}`],
    ...firmware,
    ...["-drive", `id=iso,if=none,format=raw,snapshot=on,file=${iso}`],
    ...medium,
  ];
  const failure = await run(programs[architecture], words, { timeoutMs: 240_000 }).then(
    () => undefined,
    (error: unknown) => error,
  );
  const output = await readFile(log, "latin1").catch(() => "");
  if (failure !== undefined) throw new Error(`${boot.medium}: ${output}`, { cause: failure });
  return output;
}
