import { isAbsolute, resolve } from "node:path";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import { findProgram, isExecutable } from "../../host/processes/find-program.ts";
import type { Cell } from "../definition/matrix.ts";

/**
 * Refuses a matrix whose commands this host cannot run, before anything is booted for them.
 * @throws TsmachineError PROGRAM_MISSING
 */
export async function requirePrograms(
  cells: readonly Cell[],
  host: Parameters<typeof findProgram>[1],
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
}
