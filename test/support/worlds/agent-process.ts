import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { onTestFinished } from "vitest";
import { agentFiles } from "../../../src/core/agent/agent-files.ts";
import { identifyProcess } from "../../../src/host/processes/process-identity.ts";
import type { CoreWorld } from "./core-world.ts";

/** A process that holds the lock of the machine's agent, and ignores SIGTERM if it is told to. */
export async function agentProcess(
  { context }: Pick<CoreWorld, "context">,
  { isStubborn = false } = {},
) {
  const script = `${isStubborn ? "trap '' TERM; " : ""}echo ready; while :; do sleep 1; done`;
  const child = spawn("/bin/sh", ["-c", script]);
  onTestFinished(() => void child.kill("SIGKILL"));
  const ended = once(child, "exit");
  await once(child.stdout, "data");
  const identity = await identifyProcess(child.pid ?? 0);
  const { lock } = agentFiles(context.store.machineLayout("dev").directory);
  await writeFile(lock, JSON.stringify({ ...identity, token: "held" }));
  const terminate = async () => {
    child.kill();
    await ended;
  };
  return { ended, terminate };
}
