import type { Context } from "../../../core/context.ts";
import type { Outcome } from "../../../core/machine/power.ts";
import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import type { Cli } from "../../cli.ts";
import { forEachMachine, machineNames } from "../names.ts";

export interface Change {
  readonly change: (context: Context, name: string) => Promise<Outcome>;
  /** "started", in `Machine "x" was started.` */
  readonly done: string;
  /** "running", in `Machine "x" is already running.` */
  readonly already: string;
}

/**
 * Changes the machines all at once and says so for each, in docker-machine's words.
 * @throws TsmachineError ALREADY_IN_STATE when there was nothing to change, and whatever `change` throws.
 */
export async function changeMachines(
  cli: Cli,
  given: readonly string[],
  { change, done, already }: Change,
): Promise<void> {
  const lines: string[] = [];
  try {
    await cli.withContext(async (context) => {
      const names = await machineNames(context, given);
      await forEachMachine(
        names,
        async (name) => {
          if ((await change(context, name)) === "unchanged") throw alreadyIn(name, already);
          lines.push(`Machine "${name}" was ${done}.\n`);
        },
        (error) => context.warn(error instanceof Error ? error.message : String(error)),
      );
    });
  } finally {
    for (const line of lines.sort()) cli.output.stdout.write(line);
  }
}

function alreadyIn(name: string, state: string): TsmachineError {
  return new TsmachineError("ALREADY_IN_STATE", `Machine "${name}" is already ${state}.`, {
    context: { name, state },
  });
}
