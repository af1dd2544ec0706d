import { realpath } from "node:fs/promises";
import { env, platform, stdout } from "node:process";
import { findProgram } from "../../src/host/processes/find-program.ts";
import { readHostFacts } from "../host-packages/facts.ts";
import { requireQemu } from "../host-packages/require-qemu.ts";
import { runScript } from "../run-script.ts";
import { runTsmachine, statusOfMachine } from "../tsmachine.ts";
import { closingLines } from "./closing-lines.ts";
import { helloScript } from "./hello-script.ts";

const machine = "default";

await runScript("quickstart", async (signal) => {
  await requireQemu(await readHostFacts(), signal);
  const status = (await bringUp(signal)) || (await greet());
  if (status !== 0) return status;
  const lines = closingLines({ machine, isOnPath: await isOnPath() });
  stdout.write(`\n${lines.join("\n")}\n`);
  return 0;
});

/** @returns an exit status, as all that call tsmachine do; its own messages were shown */
async function bringUp(signal: AbortSignal): Promise<number> {
  switch (await statusOfMachine(machine, signal)) {
    case "Running":
      stdout.write(`==> Machine "${machine}" is running\n`);
      return 0;
    case "Stopped":
      stdout.write(`==> Starting machine "${machine}"\n`);
      return runTsmachine("start", machine);
    default:
      // Creating a machine also clears away what an interrupted creation has left.
      stdout.write(`==> Creating machine "${machine}"\n`);
      return runTsmachine("create", machine);
  }
}

function greet(): Promise<number> {
  stdout.write("==> Running a container\n");
  return runTsmachine("ssh", machine, "--", helloScript);
}

/** Whether the command tsmachine is this one. */
async function isOnPath(): Promise<boolean> {
  const path = await findProgram("tsmachine", { environment: env, platform });
  return path !== undefined && (await realpath(path)) === (await realpath("bin/tsmachine"));
}
