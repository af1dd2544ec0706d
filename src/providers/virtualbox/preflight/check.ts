import { access, readFile } from "node:fs/promises";
import { isSystemError } from "../../../errors/system-error.ts";
import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import { run } from "../../../host/processes/run.ts";
import type { Health } from "../../provider.ts";
import { warningIn, withoutWarning } from "../vboxmanage/call.ts";
import { findVBoxManage } from "../vboxmanage/find-vboxmanage.ts";
import type { VirtualBoxWorld } from "../world.ts";
import { diagnose, installRemedy } from "./remedies.ts";
import { unreadableMachines } from "./unreadable-machines.ts";

/** Looks at VirtualBox, its driver and its machines; does not start VBoxSVC. */
export async function checkHost(world: VirtualBoxWorld, signal: AbortSignal): Promise<Health> {
  const program = await findVBoxManage(world);
  if (program === undefined) {
    const hint = await installRemedy(world);
    return { state: "missing", problem: "VirtualBox is not installed", hint };
  }
  const { environment, patience } = world;
  const { stdout, stderr } = await run(program, ["--version"], {
    ...{ environment, signal, timeoutMs: 30_000 * patience, acceptExitCodes: "all" },
  });
  const version = /^\d+\.\d+\.\d+/.exec(withoutWarning(stdout))?.[0];
  if (version === undefined) return broken(stdout + stderr);
  if (isOlder(version, [6, 1])) {
    const hint = await installRemedy(world);
    return {
      ...{ state: "degraded", problem: `VirtualBox ${version} is too old; 6.1 is needed`, hint },
    };
  }
  const ailment = diagnose(warningIn(stdout) ?? "") ?? (await missingDriver(world));
  return ailment === undefined
    ? {
        ...{ state: "ready", version: `VirtualBox ${version}` },
        notes: await unreadableMachines(world),
      }
    : { state: "degraded", problem: ailment.problem, hint: ailment.hint };
}

/**
 * Refuses a host whose CPU says that it cannot run machines; only Linux tells without a program.
 * @throws TsmachineError HOST_UNSUPPORTED
 */
export async function requireVirtualization({
  platform,
  files,
}: Pick<VirtualBoxWorld, "platform" | "files">): Promise<void> {
  if (platform !== "linux") return;
  let cpuInfo: string;
  try {
    cpuInfo = await readFile(files.cpuInfo, "utf8");
  } catch (error) {
    if (isSystemError(error, "ENOENT", "EACCES")) return;
    throw error;
  }
  if (/^flags\s*:.*\b(svm|vmx)\b/m.test(cpuInfo)) return;
  const ailment = diagnose("VERR_VMX_NO_VMX");
  if (ailment === undefined) throw new Error("there is no remedy for a CPU without virtualization");
  throw new TsmachineError("HOST_UNSUPPORTED", ailment.problem, {
    hints: [ailment.hint, "if it does have it, give --virtualbox-no-vtx-check"],
  });
}

async function missingDriver({ platform, files }: VirtualBoxWorld) {
  if (platform !== "linux") return undefined;
  try {
    await access(files.driver);
    return undefined;
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return diagnose("VERR_VM_DRIVER_NOT_INSTALLED");
    // Its mode is for root alone; VirtualBox's own programs may open it all the same.
    return undefined;
  }
}

function broken(output: string): Health {
  const words = output.trim().split("\n").at(-1)?.trim() ?? "";
  return {
    state: "degraded",
    problem: `VBoxManage does not tell its version${words === "" ? "" : `: ${words}`}`,
    hint: diagnose(output)?.hint ?? "install VirtualBox anew",
  };
}

function isOlder(version: string, [major, minor]: readonly [number, number]): boolean {
  const [ownMajor = 0, ownMinor = 0] = version.split(".").map(Number);
  return ownMajor < major || (ownMajor === major && ownMinor < minor);
}
