import { join } from "node:path";
import { stderr, stdin, stdout } from "node:process";
import { pathToFileURL } from "node:url";
import type { Program } from "../../src/cli/launcher/load-bundle.ts";
import { runProgram } from "../../src/cli/program.ts";

const name = "warm";

/**
 * Runs what scripts and people call often, so that V8 compiles the functions that it uses. It is all
 * the same whether a command succeeds: some find no engine, and the mirror is an empty folder.
 * @param folder an empty one; the commands know of nothing else
 */
export async function warmUp(program: Program, folder: string): Promise<void> {
  // Nobody answers on this host's port 1.
  const adopted = ["--driver", "none", "--url", "tcp://127.0.0.1:1", "--no-context"];
  // By the sources: all commands would have to read what the bundle compiles to create a machine.
  await attempt(runProgram, ["create", ...adopted, name], folder);
  const bundled = await program.loadProgram();
  for (const args of [
    ["ls"],
    ["env", name],
    ["ip", name],
    ["url", name],
    ["status", name],
    ["iso", "build", "--mirror", pathToFileURL(folder).href],
    ["iso", "ls"],
  ]) {
    await attempt(bundled.runProgram, args, folder);
  }
}

async function attempt(
  run: typeof runProgram,
  args: readonly string[],
  folder: string,
): Promise<void> {
  const running = run(args, {
    ...{ programName: "tsmachine", version: "0.0.0", platform: process.platform },
    ...{ openInput: () => stdin, output: { stdout, stderr }, answers: "text" },
    environment: {
      TSMACHINE_STORAGE_PATH: join(folder, "store"),
      DOCKER_CONFIG: join(folder, "docker"),
      SHELL: "/bin/sh",
    },
    signal: AbortSignal.timeout(20_000),
    leaveInterruptsToProgram: () => {},
  });
  await running.catch(() => {});
}
