import { env, platform, stdout } from "node:process";
import type { Architecture } from "../../src/host/architecture.ts";
import { findFirmware, firmwarePlaces } from "../../src/providers/kvm/firmware/find-firmware.ts";
import { emulatesSafely } from "../../src/providers/kvm/preflight/accelerator.ts";
import { findQemuProgram } from "../../src/providers/kvm/preflight/qemu-program.ts";
import { programNames } from "../../src/providers/kvm/preflight/remedies.ts";
import { carryOut } from "../host-packages/carry-out.ts";
import { isOnPath } from "../host-packages/facts.ts";
import { type HostFacts, type Plan, planPackages, planQemu } from "../host-packages/plan.ts";

/** Programs that tests compare with or ask for a second opinion, and Debian's packages of them. */
const packageByProgram: Readonly<Record<string, string>> = {
  chromium: "chromium",
  cpio: "cpio",
  debugfs: "e2fsprogs",
  fish: "fish",
  "fsck.vfat": "dosfstools",
  gzip: "gzip",
  ip: "iproute2",
  mcopy: "mtools",
  openssl: "openssl",
  rsync: "rsync",
  script: "bsdutils",
  ssh: "openssh-client",
  sshfs: "sshfs",
  tcsh: "tcsh",
  unshare: "util-linux",
  xmllint: "libxml2-utils",
  xorriso: "xorriso",
  xz: "xz-utils",
  zsh: "zsh",
};

/** Debian's packages of UEFI firmware, which tests boot ISOs with. */
const firmwarePackages: Readonly<Record<Architecture, string>> = {
  amd64: "ovmf",
  arm64: "qemu-efi-aarch64",
};

/** Without one of them its tests fail in the end: that is said, and no reason to stop. */
export async function installTestPrograms(facts: HostFacts, signal: AbortSignal): Promise<void> {
  const missing = [...(await missingPrograms()), ...(await missingFirmware())];
  const packages = missing.map(({ packageName }) => packageName);
  const names = missing.map(({ name }) => name).join(", ");
  await installOrSay(planPackages(packages, facts), names, signal);
  await installEmulator("arm64", facts, signal);
}

interface Missing {
  readonly name: string;
  readonly packageName: string;
}

async function missingPrograms(): Promise<Missing[]> {
  const missing: Missing[] = [];
  for (const [name, packageName] of Object.entries(packageByProgram)) {
    if (!(await isOnPath(name))) missing.push({ name, packageName });
  }
  return missing;
}

async function missingFirmware(): Promise<Missing[]> {
  const missing: Missing[] = [];
  for (const architecture of ["amd64", "arm64"] as const) {
    if ((await findFirmware(firmwarePlaces, architecture)) !== undefined) continue;
    const name = `UEFI firmware for ${architecture}`;
    missing.push({ name, packageName: firmwarePackages[architecture] });
  }
  return missing;
}

/** Sees to a QEMU for machines of an architecture that may not be this host's. */
async function installEmulator(
  architecture: Architecture,
  facts: HostFacts,
  signal: AbortSignal,
): Promise<void> {
  const wanted = { architecture, path: undefined };
  const program = await findQemuProgram({ environment: env, platform }, wanted, signal);
  if (program !== undefined && emulatesSafely(program.version)) return;
  const name = programNames[architecture];
  const finding = { verdict: "problem", remedy: `install ${name} 8.2 or newer` } as const;
  await installOrSay(planQemu(finding, { ...facts, architecture }), name, signal);
}

async function installOrSay(plan: Plan, names: string, signal: AbortSignal): Promise<void> {
  const purpose = `some tests need ${names}`;
  const outcome = await carryOut(plan, purpose, signal);
  if (outcome.kind === "left") stdout.write(`==> Going on, but ${purpose}; ${outcome.remedy}\n`);
}
