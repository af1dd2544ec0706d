import { Command } from "commander";
import type { Context } from "../../../core/context.ts";
import type { Outcome } from "../../../core/machine/power.ts";
import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import type { Cli } from "../../cli.ts";
import { printJson } from "../../output/output.ts";
import { forEachMachine, machineNames } from "../names.ts";

export interface Change {
  readonly description: string;
  readonly change: (context: Context, name: string) => Promise<Outcome>;
  /** "started", in `Machine "x" was started.` */
  readonly done: string;
  /** "running", in `Machine "x" is already running.` */
  readonly already: string;
  /** Printed after the machines' lines when all were changed. */
  readonly advice?: string;
}

/**
 * A command that changes machines, all at once, and says so for each in docker-machine's words. It
 * fails with ALREADY_IN_STATE where there was nothing to change.
 */
export function changeCommand(cli: Cli, change: Change): Command {
  const command = new Command()
    .description(change.description)
    .argument("[names...]", 'the machines; "default" when none is named')
    .option("--json", "print JSON");
  return command.action((names: string[]) => {
    const isJson = command.opts<{ json?: boolean }>().json === true;
    return changeMachines(cli, names, { ...change, isJson });
  });
}

async function changeMachines(
  cli: Cli,
  given: readonly string[],
  { change, done, already, advice, isJson }: Change & { isJson: boolean },
): Promise<void> {
  const { output } = cli;
  const changed = new Map<string, Outcome>();
  const report = () => {
    const rows = [...changed].sort(([a], [b]) => (a < b ? -1 : 1));
    if (isJson)
      printJson(
        output,
        rows.map(([name, outcome]) => ({ name, outcome: outcome === "moved" ? outcome : done })),
      );
    else for (const row of rows) output.stdout.write(`${sentenceFor(row, done)}\n`);
  };
  try {
    await cli.withContext(async (context) => {
      const names = await machineNames(context, given);
      await forEachMachine(names, async (name) => {
        const outcome = await change(context, name);
        if (outcome === "unchanged") throw alreadyIn(name, already);
        changed.set(name, outcome);
      });
    });
  } catch (error) {
    if (changed.size > 0) report();
    throw error;
  }
  report();
  if (advice !== undefined && !isJson) output.stdout.write(`${advice}\n`);
}

function sentenceFor([name, outcome]: readonly [string, Outcome], done: string): string {
  return outcome === "moved"
    ? `Machine "${name}" is running, and can be used at its new address.`
    : `Machine "${name}" was ${done}.`;
}

function alreadyIn(name: string, state: string): TsmachineError {
  return new TsmachineError("ALREADY_IN_STATE", `Machine "${name}" is already ${state}.`, {
    context: { name, state },
  });
}
