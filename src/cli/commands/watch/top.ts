import { Command } from "commander";
import type { Context } from "../../../core/context.ts";
import { readCandidates } from "../../../core/look/candidates.ts";
import { measureMachines } from "../../../core/usage/measure-machines.ts";
import type { Cli, CommandFactory } from "../../cli.ts";
import { printJson } from "../../output/output.ts";
import { printTable } from "../../output/table.ts";
import { machineNames } from "../names.ts";
import { secondsToMs } from "../seconds.ts";
import { untilInterrupted } from "./until-interrupted.ts";
import { untilQuit } from "./until-quit.ts";
import { usageColumns } from "./usage-columns.ts";

interface TopFlags {
  readonly once?: boolean;
  readonly json?: boolean;
  readonly timeout: string;
}

export const topCommand: CommandFactory = (cli) => {
  const command = new Command()
    .description(
      "Show what machines take of this host, again every 2 s on a terminal until q or Ctrl-C, else once.",
    )
    .argument("[names...]", "the machines; all when none is named")
    .option("--once", "print one table, also on a terminal")
    .option("-t, --timeout <SECONDS>", "limit for each question to a machine", "10")
    .option("--json", "print JSON, once");
  return command.action((given: string[]) => {
    const flags = command.opts<TopFlags>();
    const timeoutMs = secondsToMs(flags.timeout, "--timeout");
    const { stdout } = cli.output;
    const isLive = stdout.isTTY && !flags.once && !flags.json && cli.environment.TERM !== "dumb";
    const show = (context: Context) =>
      isLive
        ? showLive(cli, context, { given, timeoutMs })
        : printOnce(cli, context, { given, timeoutMs, isJson: flags.json === true });
    return cli.withContext(show, { progress: "silent" });
  });
};

interface Wanted {
  readonly given: readonly string[];
  readonly timeoutMs: number;
}

async function printOnce(
  { output }: Cli,
  context: Context,
  { given, timeoutMs, isJson }: Wanted & { readonly isJson: boolean },
): Promise<void> {
  const names =
    (await namesOf(context, given)) ?? (await readCandidates(context)).map(({ name }) => name);
  const rows = await measureMachines(context, names, timeoutMs);
  if (isJson) printJson(output, rows);
  else await printTable(output, usageColumns, rows);
}

async function showLive(cli: Cli, context: Context, { given, timeoutMs }: Wanted): Promise<void> {
  const names = await namesOf(context, given);
  // Loaded only where it draws.
  const { showLiveUsage } = await import("./live-usage.ts");
  const { stdout: stream } = cli.output;
  await untilInterrupted(cli, () =>
    untilQuit(cli.openInput(), async (quit) => {
      const signal = AbortSignal.any([context.signal, quit]);
      await showLiveUsage({ ...context, signal }, { names, timeoutMs, stream });
    }),
  );
}

/** Undefined for all, also those that appear later. @throws TsmachineError MACHINE_NOT_FOUND */
async function namesOf(
  context: Context,
  given: readonly string[],
): Promise<readonly string[] | undefined> {
  return given.length === 0 ? undefined : [...new Set(await machineNames(context, given))];
}
