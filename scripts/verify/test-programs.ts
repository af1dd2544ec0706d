import { stdout } from "node:process";
import { carryOut } from "../host-packages/carry-out.ts";
import { isOnPath } from "../host-packages/facts.ts";
import { type HostFacts, planPackages } from "../host-packages/plan.ts";

/** Programs that tests compare with or ask for a second opinion, and Debian's packages of them. */
const packageByProgram: Readonly<Record<string, string>> = {
  cpio: "cpio",
  fish: "fish",
  "fsck.vfat": "dosfstools",
  gzip: "gzip",
  mcopy: "mtools",
  openssl: "openssl",
  ssh: "openssh-client",
  tcsh: "tcsh",
  xorriso: "xorriso",
  xz: "xz-utils",
  zsh: "zsh",
};

/** Without one of them its tests are skipped: that is said, and no reason to stop. */
export async function installTestPrograms(facts: HostFacts, signal: AbortSignal): Promise<void> {
  const programs = Object.keys(packageByProgram);
  const missing: string[] = [];
  for (const program of programs) if (!(await isOnPath(program))) missing.push(program);
  const packages = missing.map((program) => packageByProgram[program] ?? program);
  const purpose = `some tests need ${missing.join(", ")}`;
  const outcome = await carryOut(planPackages(packages, facts), purpose, signal);
  if (outcome.kind === "left") stdout.write(`==> Going on, but ${purpose}; ${outcome.remedy}\n`);
}
