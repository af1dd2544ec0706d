import type * as z from "zod";
import type { ErrorCode } from "../../../errors/codes.ts";
import type { Architecture } from "../../../host/architecture.ts";
import { type Accel, accelSchema } from "../options.ts";
import type { OperatingSystem } from "./install-command.ts";
import { newerQemuRemedy, wholeQemuRemedy } from "./remedies.ts";

export const acceleratorSchema = accelSchema.exclude(["auto"]);
export type Accelerator = z.infer<typeof acceleratorSchema>;

/** What was seen on the host; `chooseAccelerator` looks at nothing else. */
export interface AcceleratorEvidence {
  readonly operatingSystem: OperatingSystem;
  readonly hostArchitecture: Architecture;
  readonly guestArchitecture: Architecture;
  readonly kvmDevice: "opens" | "denied" | "absent";
  /** The CPU flag svm (AMD) or vmx (Intel); KVM on other architectures needs no flag. */
  readonly hasVirtualizationFlag: boolean;
  readonly qemuAccelerators: readonly string[];
  readonly qemuVersion: QemuVersion;
}

export interface QemuVersion {
  readonly major: number;
  readonly minor: number;
  /** As QEMU prints it: "10.0.2". */
  readonly text: string;
}

export type AcceleratorChoice =
  | {
      readonly kind: "use";
      readonly accelerator: Accelerator;
      /** One line for the user when the machine will be slow: why, and what to do. */
      readonly note?: string;
    }
  | {
      readonly kind: "refuse";
      readonly code: Extract<ErrorCode, "ACCELERATOR_UNAVAILABLE" | "QEMU_TOO_OLD">;
      readonly problem: string;
      readonly hint: string;
    };

/** Why an accelerator cannot be used, and what to do about it. */
interface Obstacle {
  readonly why: string;
  readonly remedy: string;
}

/**
 * Hardware acceleration when there is evidence that it works, else software emulation with a note.
 * An accelerator that was asked for is used or refused, never replaced.
 */
export function chooseAccelerator(evidence: AcceleratorEvidence, asked: Accel): AcceleratorChoice {
  if (asked === "tcg") return emulate(evidence, undefined);
  const native = asked === "auto" ? nativeAccelerator(evidence) : asked;
  const obstacle = obstacleTo(native, evidence);
  if (obstacle === undefined) return { kind: "use", accelerator: native };
  if (asked === "auto") return emulate(evidence, obstacle);
  return {
    kind: "refuse",
    code: "ACCELERATOR_UNAVAILABLE",
    problem: `accelerator ${native} cannot be used: ${obstacle.why}`,
    hint: `${obstacle.remedy}, or choose software emulation with \`--kvm-accel tcg\``,
  };
}

/** Releases before 8.2 corrupt the memory of guests with Linux 6.12 and newer under emulation. */
export function emulatesSafely({ major, minor }: QemuVersion): boolean {
  return major > 8 || (major === 8 && minor >= 2);
}

function emulate(evidence: AcceleratorEvidence, obstacle: Obstacle | undefined): AcceleratorChoice {
  const { qemuVersion } = evidence;
  if (!emulatesSafely(qemuVersion)) {
    return {
      kind: "refuse",
      code: "QEMU_TOO_OLD",
      problem: `software emulation of QEMU ${qemuVersion.text} corrupts the memory of recent kernels; 8.2 or newer is needed${
        obstacle === undefined ? "" : ` (no hardware acceleration: ${obstacle.why})`
      }`,
      hint: newerQemuRemedy(evidence.operatingSystem, evidence.guestArchitecture),
    };
  }
  if (obstacle === undefined) return { kind: "use", accelerator: "tcg" };
  return {
    kind: "use",
    accelerator: "tcg",
    note: `the machine is emulated in software and therefore slow: ${obstacle.why}; ${obstacle.remedy}`,
  };
}

function nativeAccelerator({ operatingSystem }: AcceleratorEvidence): "kvm" | "hvf" | "whpx" {
  switch (operatingSystem.platform) {
    case "darwin":
      return "hvf";
    case "win32":
      return "whpx";
    default:
      return "kvm";
  }
}

function obstacleTo(
  accelerator: "kvm" | "hvf" | "whpx",
  evidence: AcceleratorEvidence,
): Obstacle | undefined {
  const { guestArchitecture, hostArchitecture, operatingSystem } = evidence;
  if (guestArchitecture !== hostArchitecture) {
    return {
      why: `the machine is ${guestArchitecture} and this host is ${hostArchitecture}`,
      remedy: `choose a machine with architecture ${hostArchitecture} for speed`,
    };
  }
  if (!evidence.qemuAccelerators.includes(accelerator)) {
    return {
      why: `QEMU on this host was built without ${accelerator}`,
      remedy: wholeQemuRemedy(operatingSystem, guestArchitecture),
    };
  }
  return accelerator === "kvm" ? obstacleToKvm(evidence) : undefined;
}

function obstacleToKvm(evidence: AcceleratorEvidence): Obstacle | undefined {
  // A device that opens is no proof: paravirtual ones exist that hang every guest.
  if (evidence.hostArchitecture === "amd64" && !evidence.hasVirtualizationFlag) {
    return {
      why: "this host's CPU shows neither svm nor vmx",
      remedy:
        "turn on virtualization (AMD-V or VT-x) in the firmware set-up, or nested virtualization where this host is itself a virtual machine",
    };
  }
  switch (evidence.kvmDevice) {
    case "opens":
      return undefined;
    case "denied":
      return {
        why: "permission to open /dev/kvm was denied",
        remedy: "add yourself to group kvm with `sudo usermod -aG kvm $USER`, then log in again",
      };
    case "absent":
      return {
        why: "there is no usable /dev/kvm",
        remedy:
          evidence.hostArchitecture === "amd64"
            ? "load the module with `sudo modprobe kvm_amd || sudo modprobe kvm_intel`"
            : "boot a kernel that has KVM",
      };
  }
}
