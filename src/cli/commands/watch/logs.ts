import { finished } from "node:stream/promises";
import { Command, InvalidArgumentError, Option } from "commander";
import { copyLog, type LogKind } from "../../../core/logs/copy-log.ts";
import type { Cli, CommandFactory } from "../../cli.ts";
import { machineName } from "../names.ts";
import { logSink } from "./log-sink.ts";
import { untilInterrupted } from "./until-interrupted.ts";

interface LogsFlags {
  readonly console?: boolean;
  readonly engine?: boolean;
  readonly agent?: boolean;
  readonly follow?: boolean;
  readonly tail?: number;
}

export const logsCommand: CommandFactory = (cli) => {
  const command = new Command()
    .description(
      "Print what a machine has to say: the log of its engine while it runs, else that of its console.",
    )
    .argument("[name]", 'the machine; "default" when none is named')
    .addOption(
      new Option("--console", "the guest's serial console, from its last start on").conflicts([
        "engine",
        "agent",
      ]),
    )
    .addOption(new Option("--engine", "dockerd, in the guest").conflicts(["console", "agent"]))
    .addOption(
      new Option("--agent", "the agent that keeps published ports open").conflicts([
        "console",
        "engine",
      ]),
    )
    .option("-f, --follow", "go on with what is written later, until Ctrl-C")
    .option("-n, --tail <NUMBER>", "no more than this many of the last lines", parseLines);
  return command.action((given: string | undefined) => {
    const flags = command.opts<LogsFlags>();
    const print = () => printLog(cli, given, flags);
    return flags.follow === true ? untilInterrupted(cli, print) : print();
  });
};

async function printLog(cli: Cli, given: string | undefined, flags: LogsFlags): Promise<void> {
  const { follow = false, tail } = flags;
  const sink = logSink(cli.output.stdout);
  const request = { kind: kindOf(flags), lines: tail, isFollowed: follow };
  await cli.withContext(
    async (context) => copyLog(context, await machineName(context, given), { request, sink }),
    { progress: "silent" },
  );
  sink.end();
  await finished(sink);
}

function kindOf({ console, engine, agent }: LogsFlags): LogKind | undefined {
  if (console) return "console";
  if (engine) return "engine";
  return agent ? "agent" : undefined;
}

function parseLines(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("--tail takes a number of lines, from 0 on.");
}
