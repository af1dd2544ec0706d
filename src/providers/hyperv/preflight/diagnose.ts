import type { Health } from "../../provider.ts";
import type { HyperVFacts } from "../scripts/detect.ts";
import { joinGroup, makeSwitch } from "./remedies.ts";

/** OperatingSystemSKU of Windows Home and its variants: CORE, CORE_N, CORE_COUNTRYSPECIFIC, CORE_SINGLELANGUAGE. */
const homeEditions: ReadonlySet<number> = new Set([98, 99, 100, 101]);

const workstation = 1;

/** What Hyper-V lacks on this host, with the remedy; the first that stands in the way of the others. */
export function diagnoseHyperV(facts: HyperVFacts): Health {
  if (facts.service === "Absent") return withoutHyperV(facts);
  if (!facts.hypervisorRuns) return withoutHypervisor(facts);
  if (facts.service !== "Running") {
    return {
      state: "degraded",
      problem: "Hyper-V's management service (vmms) does not run",
      hint: "run `Set-Service vmms -StartupType Automatic; Start-Service vmms` in PowerShell as administrator",
    };
  }
  if (!facts.hasModule) {
    return {
      state: "degraded",
      problem: "Hyper-V's module for PowerShell is missing",
      hint: enable(facts, "Microsoft-Hyper-V-Management-PowerShell", "Hyper-V-PowerShell"),
    };
  }
  if (!facts.isAdministrator && !facts.isHyperVAdministrator) {
    return {
      state: "degraded",
      problem:
        "this shell is not elevated, and its user is not in the group of Hyper-V's administrators",
      hint: joinGroup(facts.user),
    };
  }
  const notes = facts.hasSwitch
    ? []
    : [
        `no virtual switch is fit for any machine: name one with --hyperv-virtual-switch, or ${makeSwitch}`,
      ];
  return { state: "ready", version: `Hyper-V of Windows ${facts.version}`, notes };
}

function withoutHyperV(facts: HyperVFacts): Health {
  if (homeEditions.has(facts.edition)) {
    return {
      state: "missing",
      problem: "Windows Home has no Hyper-V",
      hint: "use `--driver virtualbox`, or upgrade to Windows Pro",
    };
  }
  return {
    state: "missing",
    problem: "Hyper-V is not turned on",
    hint: `${enable(facts, "Microsoft-Hyper-V", "Hyper-V")}, then restart Windows`,
  };
}

function withoutHypervisor({ virtualizationInFirmware }: HyperVFacts): Health {
  const problem = "Hyper-V is installed, but its hypervisor does not run";
  return virtualizationInFirmware
    ? {
        ...{ state: "degraded", problem },
        hint: "run `bcdedit /set hypervisorlaunchtype auto` as administrator, then restart Windows",
      }
    : {
        state: "degraded",
        problem: `${problem}: the processor's virtualization is turned off`,
        hint: "turn on VT-x or AMD-V in this host's firmware set-up",
      };
}

/** Servers have roles where workstations have features. */
function enable({ productType }: HyperVFacts, feature: string, role: string): string {
  const command =
    productType === workstation
      ? `Enable-WindowsOptionalFeature -Online -All -FeatureName ${feature}`
      : `Install-WindowsFeature -Name ${role} -IncludeManagementTools`;
  return `run \`${command}\` in PowerShell as administrator`;
}
