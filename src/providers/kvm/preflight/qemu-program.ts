import { join } from "node:path";
import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import type { Architecture } from "../../../host/architecture.ts";
import { run } from "../../../host/processes/run.ts";
import type { KvmWorld } from "../world.ts";
import type { QemuVersion } from "./accelerator.ts";
import { programNames } from "./remedies.ts";

export interface QemuProgram {
  /** A path, or a name on PATH. */
  readonly path: string;
  readonly version: QemuVersion;
  /** Accelerators built in, such as "kvm" and "tcg". */
  readonly accelerators: readonly string[];
}

const limitMs = 20_000;

/**
 * The first QEMU that there is, or only the one at `path` when given; undefined when none.
 * @throws TsmachineError PROGRAM_FAILED when it is there and does not run.
 */
export async function findQemuProgram(
  world: Pick<KvmWorld, "platform" | "environment">,
  { architecture, path }: { architecture: Architecture; path: string | undefined },
  signal: AbortSignal,
): Promise<QemuProgram | undefined> {
  const candidates = path === undefined ? usualPrograms(world, architecture) : [path];
  for (const candidate of candidates) {
    const program = await askProgram(candidate, world.environment, signal);
    if (program !== undefined) return program;
  }
  return undefined;
}

/** `QEMU emulator version 10.0.2 (Debian 1:10.0.2+ds-2)`. @throws TsmachineError PROGRAM_FAILED. */
export function parseQemuVersion(output: string): QemuVersion {
  const match = /version (\d+)\.(\d+)(?:\.\d+)*/.exec(output);
  const [found, major, minor] = match ?? [];
  if (found === undefined) {
    throw new TsmachineError("PROGRAM_FAILED", "the QEMU program does not tell its version", {
      context: { output: output.slice(0, 200) },
    });
  }
  return { major: Number(major), minor: Number(minor), text: found.replace("version ", "") };
}

/** `Accelerators supported in QEMU binary:`, then one name a line. */
export function parseAccelerators(output: string): string[] {
  return output
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => /^[a-z]+$/.test(line));
}

function usualPrograms(
  { platform, environment }: Pick<KvmWorld, "platform" | "environment">,
  architecture: Architecture,
): string[] {
  const name = programNames[architecture];
  switch (platform) {
    case "win32":
      return [name, join(environment.ProgramFiles ?? "C:\\Program Files", "qemu", `${name}.exe`)];
    case "linux":
      // Red Hat's systems keep it off PATH, for the host's own architecture alone.
      return [name, "/usr/libexec/qemu-kvm"];
    default:
      return [name];
  }
}

async function askProgram(
  path: string,
  environment: KvmWorld["environment"],
  signal: AbortSignal,
): Promise<QemuProgram | undefined> {
  try {
    const limits = { signal, environment, timeoutMs: limitMs };
    const [version, accelerators] = await Promise.all([
      run(path, ["--version"], limits),
      run(path, ["-accel", "help"], limits),
    ]);
    return {
      path,
      version: parseQemuVersion(version.stdout),
      accelerators: parseAccelerators(accelerators.stdout),
    };
  } catch (error) {
    if (error instanceof TsmachineError && error.code === "PROGRAM_MISSING") return undefined;
    throw error;
  }
}
