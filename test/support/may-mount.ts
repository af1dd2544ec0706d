import { run } from "../../src/host/processes/run.ts";

/** Whether this user may mount files over others, in a mount namespace of a program's own. */
export async function mayMount(): Promise<boolean> {
  const trial = ["--mount", "mount", "-t", "tmpfs", "none", "/mnt"];
  return (await run("unshare", trial, { acceptExitCodes: "all" })).exitCode === 0;
}
