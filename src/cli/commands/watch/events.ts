import { Command } from "commander";
import { type MachineEvent, watchEvents } from "../../../core/events/watch-events.ts";
import type { CommandFactory } from "../../cli.ts";
import { onOneLine } from "../../output/table.ts";
import { machineNames } from "../names.ts";
import { parseSince } from "./parse-since.ts";
import { untilInterrupted } from "./until-interrupted.ts";

interface EventsFlags {
  readonly engine?: boolean;
  readonly since?: string;
  readonly json?: boolean;
}

/** Looks are cheap, and a machine takes longer for whatever it does. */
const everyMs = 1_000;
const timeoutMs = 10_000;

export const eventsCommand: CommandFactory = (cli) => {
  const command = new Command()
    .description(
      "Tell what becomes of machines as it happens, a line for each event, until Ctrl-C.",
    )
    .argument("[names...]", "the machines; all when none is named, also those to come")
    .option("--engine", "tell what happens in their engines, too")
    .option(
      "--since <TIME>",
      "tell first what is still known of the time since then: 10m, 2h or ISO 8601",
    )
    .option("--json", "print JSON, an object on each line");
  return command.action((given: string[]) => {
    const { engine = false, since, json = false } = command.opts<EventsFlags>();
    const lineOf = json ? jsonLine : textLine;
    return untilInterrupted(cli, () =>
      cli.withContext(
        async (context) => {
          const names = given.length === 0 ? undefined : await machineNames(context, given);
          await watchEvents(context, {
            ...{ names, everyMs, timeoutMs, hasEngines: engine },
            since: since === undefined ? undefined : parseSince(since, context.now()),
            onEvent: (event) => void cli.output.stdout.write(`${lineOf(event)}\n`),
          });
        },
        { progress: "silent" },
      ),
    );
  });
};

/** "2026-01-31T12:00:00.000Z dev started" */
function textLine({ at, machine, event, detail }: MachineEvent): string {
  return onOneLine(`${at.toISOString()} ${machine} ${event}${detail === "" ? "" : `: ${detail}`}`);
}

function jsonLine({ at, machine, source, event, detail }: MachineEvent): string {
  return JSON.stringify({
    ...{ at: at.toISOString(), machine, source, event },
    ...(detail !== "" && { detail }),
  });
}
