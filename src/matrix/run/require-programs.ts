import { isAbsolute, resolve } from "node:path";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import { findProgram, isExecutable } from "../../host/processes/find-program.ts";
import { run } from "../../host/processes/run.ts";
import type { Cell } from "../definition/matrix.ts";

const questionTimeoutMs = 30_000;

/**
 * Refuses a matrix whose commands this host cannot run, before anything is booted for them.
 * @throws TsmachineError PROGRAM_MISSING; the signal's reason when aborted.
 */
export async function requirePrograms(
  cells: readonly Cell[],
  { signal, ...host }: Parameters<typeof findProgram>[1] & { readonly signal: AbortSignal },
): Promise<void> {
  const workloads = new Set(cells.map(({ workload }) => workload));
  for (const { name, runs, command, directory } of workloads) {
    if (runs === "guest") continue;
    const [program] = command;
    const isPath = isAbsolute(program) || /[\\/]/.test(program);
    const isThere = isPath
      ? await isExecutable(resolve(directory, program))
      : (await findProgram(program, host)) !== undefined;
    if (isThere) continue;
    throw new TsmachineError(
      "PROGRAM_MISSING",
      `workload ${name}: program ${program} ${isPath ? "cannot be run" : "is not on PATH"}`,
      {
        hints: [
          isPath
            ? `make ${program} a file that you may execute, or run it by its interpreter`
            : `install ${program}, put its folder on PATH, or run the workload in the guest`,
        ],
        context: { workload: name, program },
      },
    );
  }
  await requireCompose(cells, host, signal);
}

/** Compose is a plugin of docker's CLI, which says of one that it lacks that it knows no such command. */
async function requireCompose(
  cells: readonly Cell[],
  { environment, platform }: Parameters<typeof findProgram>[1],
  signal: AbortSignal,
): Promise<void> {
  const workload = cells
    .map((cell) => cell.workload)
    .find(
      ({ runs, command }) => runs === "host" && command[0] === "docker" && command[1] === "compose",
    );
  if (workload === undefined) return;
  const docker = await findProgram("docker", { environment, platform });
  if (docker === undefined) return;
  const limits = { timeoutMs: questionTimeoutMs, signal };
  const { exitCode } = await run(docker, ["compose", "version"], {
    ...{ ...limits, environment, acceptExitCodes: "all" },
  });
  if (exitCode === 0) return;
  throw new TsmachineError("PROGRAM_MISSING", `workload ${workload.name}: docker has no compose`, {
    hints: ["install docker's plugin compose, so that `docker compose version` works"],
    context: { workload: workload.name },
  });
}
