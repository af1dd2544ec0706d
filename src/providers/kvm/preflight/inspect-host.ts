import { open, readFile } from "node:fs/promises";
import { isSystemError } from "../../../errors/system-error.ts";
import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import type { Architecture } from "../../../host/architecture.ts";
import { readTextIfPresent } from "../../../host/files/files.ts";
import { chooseFirmware } from "../firmware/choose-firmware.ts";
import type { Firmware } from "../firmware/descriptor.ts";
import type { Accel } from "../options.ts";
import type { KvmWorld } from "../world.ts";
import { type Accelerator, type AcceleratorEvidence, chooseAccelerator } from "./accelerator.ts";
import type { OperatingSystem } from "./install-command.ts";
import { findQemuProgram, type QemuProgram } from "./qemu-program.ts";
import { installQemuRemedy, programNames } from "./remedies.ts";

export interface Wanted {
  readonly architecture: Architecture;
  /** Path of QEMU; null: the first that is found. */
  readonly program: string | null;
  readonly accel: Accel;
  /** As a record has it. */
  readonly firmware: string | null;
}

export interface Suitable {
  readonly program: QemuProgram;
  readonly accelerator: Accelerator;
  /** Undefined: the one that QEMU brings. */
  readonly firmware: Firmware | undefined;
  /** Lines that the user should see before a machine starts. */
  readonly notes: readonly string[];
}

/**
 * The QEMU and the accelerator that a machine would run with on this host now.
 * @throws TsmachineError PROGRAM_MISSING, PROGRAM_FAILED, QEMU_TOO_OLD, ACCELERATOR_UNAVAILABLE,
 *   FIRMWARE_MISSING, each with the remedy for this operating system as its hint.
 */
export async function inspectHost(
  world: KvmWorld,
  wanted: Wanted,
  signal: AbortSignal,
): Promise<Suitable> {
  const { architecture } = wanted;
  const operatingSystem = await identifyOperatingSystem(world);
  const path = wanted.program ?? undefined;
  const program = await findQemuProgram(world, { architecture, path }, signal);
  if (program === undefined) {
    throw path === undefined
      ? new TsmachineError("PROGRAM_MISSING", `${programNames[architecture]} is not installed`, {
          hints: [installQemuRemedy(operatingSystem, architecture)],
        })
      : new TsmachineError("PROGRAM_MISSING", `there is no QEMU program ${path}`, {
          hints: ["give the path of an installed QEMU with `--kvm-program`"],
        });
  }
  const evidence: AcceleratorEvidence = {
    operatingSystem,
    hostArchitecture: world.architecture,
    guestArchitecture: architecture,
    kvmDevice: await probeDevice(world.linux.kvmDevice),
    hasVirtualizationFlag: await showsVirtualization(world.linux.cpuInfo),
    qemuAccelerators: program.accelerators,
    qemuVersion: program.version,
  };
  const choice = chooseAccelerator(evidence, wanted.accel);
  if (choice.kind === "refuse") {
    throw new TsmachineError(choice.code, choice.problem, { hints: [choice.hint] });
  }
  const notes = choice.note === undefined ? [] : [choice.note];
  const firmware = await chooseFirmware(wanted.firmware, {
    ...{ architecture, system: operatingSystem, places: world.firmwarePlaces },
  });
  return { program, accelerator: choice.accelerator, firmware, notes };
}

async function identifyOperatingSystem(world: KvmWorld): Promise<OperatingSystem> {
  const text = (await readTextIfPresent(world.linux.osRelease)) ?? "";
  return {
    platform: world.platform,
    families: [...osReleaseValue(text, "ID"), ...osReleaseValue(text, "ID_LIKE")],
    version: osReleaseValue(text, "VERSION_ID").join(" "),
  };
}

/** The words of one value of os-release(5), which may be quoted. */
function osReleaseValue(text: string, key: string): string[] {
  const value = new RegExp(`^${key}=(.*)$`, "m").exec(text)?.[1] ?? "";
  return value
    .replace(/^(["'])(.*)\1\s*$/, "$2")
    .split(/\s+/)
    .filter((word) => word !== "");
}

async function probeDevice(path: string): Promise<AcceleratorEvidence["kvmDevice"]> {
  try {
    await (await open(path, "r+")).close();
    return "opens";
  } catch (error) {
    if (isSystemError(error, "EACCES", "EPERM")) return "denied";
    if (error instanceof Error && "code" in error) return "absent";
    throw error;
  }
}

async function showsVirtualization(cpuInfo: string): Promise<boolean> {
  try {
    return /^flags\s*:.*\b(svm|vmx)\b/m.test(await readFile(cpuInfo, "utf8"));
  } catch (error) {
    if (isSystemError(error, "ENOENT", "EACCES", "ENOTDIR")) return false;
    throw error;
  }
}
