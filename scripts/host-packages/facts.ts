import { env, getuid, platform, stdin, stdout } from "node:process";
import { hostArchitecture } from "../../src/cli/host-architecture.ts";
import { readTextIfPresent } from "../../src/host/files/files.ts";
import { findProgram } from "../../src/host/processes/find-program.ts";
import { readAptSources } from "../../src/iso/debian/mirrors/apt-sources.ts";
import type { HostFacts } from "./plan.ts";

export async function readHostFacts(): Promise<HostFacts> {
  return {
    architecture: hostArchitecture(),
    osRelease: (await readTextIfPresent("/etc/os-release")) ?? "",
    mirrors: (await readAptSources("/etc/apt")).uris,
    isRoot: getuid?.() === 0,
    hasSudo: await isOnPath("sudo"),
    isInteractive: stdin.isTTY && stdout.isTTY,
  };
}

export async function isOnPath(program: string): Promise<boolean> {
  return (await findProgram(program, { environment: env, platform })) !== undefined;
}
