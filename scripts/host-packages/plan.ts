import { parseEnv } from "node:util";
import type { Architecture } from "../../src/host/architecture.ts";
import { type Installation, manualCommand } from "./apt.ts";

/** The host, and who sets it up. */
export interface HostFacts {
  readonly architecture: Architecture;
  /** Text of os-release(5); empty where there is none. */
  readonly osRelease: string;
  /** Debian mirrors that apt uses, as URIs. */
  readonly mirrors: readonly string[];
  readonly isRoot: boolean;
  readonly hasSudo: boolean;
  /** Whether there is a terminal to ask on. */
  readonly isInteractive: boolean;
}

export type Plan =
  | { readonly kind: "nothing" }
  | {
      readonly kind: "install";
      readonly installation: Installation;
      /** "sudo": the user is asked first. */
      readonly as: "root" | "sudo";
    }
  /** Set-up may not or cannot; `remedy` is an imperative sentence with the exact command. */
  | { readonly kind: "leave"; readonly remedy: string };

/** What tsmachine itself has found out about QEMU on this host. */
export interface QemuFinding {
  readonly verdict: "ok" | "advice" | "problem";
  readonly remedy: string;
}

/** How to come by a QEMU that runs machines; nothing when there is one. */
export function planQemu({ verdict, remedy }: QemuFinding, facts: HostFacts): Plan {
  if (verdict !== "problem") return { kind: "nothing" };
  const installation = qemuInstallation(facts);
  return installation === undefined
    ? { kind: "leave", remedy }
    : planInstallation(installation, facts);
}

/** How to come by packages with Debian's names; nothing when there are none to install. */
export function planPackages(packages: readonly string[], facts: HostFacts): Plan {
  if (packages.length === 0) return { kind: "nothing" };
  const { ID = "", ID_LIKE = "" } = parseEnv(facts.osRelease);
  return [ID, ...ID_LIKE.split(" ")].includes("debian")
    ? planInstallation({ packages }, facts)
    : { kind: "leave", remedy: `install what Debian has in ${packages.join(", ")}` };
}

function planInstallation(installation: Installation, facts: HostFacts): Plan {
  if (facts.isRoot) return { kind: "install", installation, as: "root" };
  if (facts.hasSudo && facts.isInteractive) return { kind: "install", installation, as: "sudo" };
  return { kind: "leave", remedy: `run \`${manualCommand(installation)}\`` };
}

/** Undefined on systems where set-up does not know of a QEMU that emulates recent kernels. */
function qemuInstallation({
  osRelease,
  architecture,
  mirrors: [mirror],
}: HostFacts): Installation | undefined {
  const { ID, VERSION_ID } = parseEnv(osRelease);
  const packages = [qemuPackages[architecture]];
  // Debian's testing and unstable have no version.
  const version = VERSION_ID === undefined ? Number.POSITIVE_INFINITY : Number(VERSION_ID);
  // Its own QEMU 7.2 corrupts the memory of guests with Linux 6.12 and newer under emulation.
  if (ID === "debian" && version === 12) {
    return mirror === undefined
      ? undefined
      : { packages, extraSource: { mirror, suite: "bookworm-backports" } };
  }
  const hasGoodQemu = (ID === "debian" && version >= 13) || (ID === "ubuntu" && version >= 24.04);
  return hasGoodQemu ? { packages } : undefined;
}

const qemuPackages = {
  amd64: "qemu-system-x86",
  arm64: "qemu-system-arm",
} as const satisfies Record<Architecture, string>;
