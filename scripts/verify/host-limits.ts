import { existsSync } from "node:fs";
import { getuid } from "node:process";
import { readTextIfPresent } from "../../src/host/files/files.ts";
import { run } from "../../src/host/processes/run.ts";
import { isOnPath } from "../host-packages/facts.ts";
import type { Limit } from "./allowed-skips.ts";
import { publishedCmdletsFile } from "./published-cmdlets.ts";
import { registryRoot } from "./unpacked/registry-root.ts";
import { slurmRoot } from "./unpacked/slurm-root.ts";
import { virtualBoxRoot } from "./virtualbox-root.ts";

/** Finds out what this host cannot do by trying it, or by asking the kernel. */
export async function readHostLimits(signal: AbortSignal): Promise<ReadonlySet<Limit>> {
  const isRoot = getuid?.() === 0;
  const fileSystems = (await readTextIfPresent("/proc/filesystems")) ?? "";
  const loopback = ["sh", "-c", "ip link set lo up"];
  const mount = ["mount", "-t", "tmpfs", "none", "/mnt"];
  const capabilities: readonly (readonly [without: Limit, has: boolean])[] = [
    ["mounts no ISO 9660", isRoot && fileSystems.includes("iso9660")],
    ["mounts nothing", await mayUnshare(["--mount", ...mount], signal)],
    [
      "no file systems of one's own",
      await mayUnshare(["--user", "--map-root-user", "--mount", ...mount], signal),
    ],
    [
      "no networks of one's own",
      (await mayUnshare(["--net", ...loopback], signal)) ||
        (await mayUnshare(["--net", "--map-root-user", ...loopback], signal)),
    ],
    // Run by root, it wants this folder.
    ["no sshd", hasSshd() && (!isRoot || existsSync("/run/sshd"))],
    ["no VirtualBox", existsSync(virtualBoxRoot) || (await isOnPath("VBoxManage"))],
    ["no Slurm", existsSync(slurmRoot)],
    ["no docker-registry", existsSync(registryRoot)],
    ["no Hyper-V cmdlets", existsSync(publishedCmdletsFile)],
    ["no pwsh", await isOnPath("pwsh")],
    ["no emacs", await isOnPath("emacs")],
  ];
  return new Set(capabilities.flatMap(([without, has]) => (has ? [] : [without])));
}

function hasSshd(): boolean {
  return ["/usr/sbin", "/usr/local/sbin", "/sbin"].some((folder) => existsSync(`${folder}/sshd`));
}

async function mayUnshare(words: readonly string[], signal: AbortSignal): Promise<boolean> {
  if (!(await isOnPath("unshare"))) return false;
  const { exitCode } = await run("unshare", words, { acceptExitCodes: "all", signal });
  return exitCode === 0;
}
