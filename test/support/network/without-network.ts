import { findProgram } from "../../../src/host/processes/find-program.ts";
import { run } from "../../../src/host/processes/run.ts";

/**
 * Flags of unshare(1) that give a program a network of its own, with nothing in it; undefined
 * where that is not allowed, or its loopback cannot be brought up.
 */
export async function flagsWithoutNetwork(): Promise<readonly string[] | undefined> {
  const { env: environment, platform } = process;
  for (const program of ["unshare", "ip"]) {
    if ((await findProgram(program, { environment, platform })) === undefined) return undefined;
  }
  for (const flags of [["--net"], ["--net", "--map-root-user"]]) {
    const attempt = [...flags, "sh", "-c", "ip link set lo up"];
    const { exitCode } = await run("unshare", attempt, { acceptExitCodes: "all" });
    if (exitCode === 0) return flags;
  }
  return undefined;
}
