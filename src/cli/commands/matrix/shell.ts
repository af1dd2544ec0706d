import { Command } from "commander";
import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import { runAttached } from "../../../host/processes/run-attached.ts";
import { findKept } from "../../../matrix/run/find-kept.ts";
import type { Cli, CommandFactory } from "../../cli.ts";
import { dockerVariables } from "../../shells/docker-variables.ts";
import { readRunningMachine } from "../client/running-machine.ts";

export const shellCommand: CommandFactory = (cli) =>
  new Command("shell")
    .description(
      "Open a shell on this host that docker's clients find the machine of a cell from, as `matrix run --keep-failed` has kept it; or run a command so.",
    )
    .usage("<cell> [workload] [-- <command>]")
    .argument("<cell>", 'as the table of results has it: "6.1/26.1"')
    .argument(
      "[words...]",
      "the workload, where machines of several were kept; then a command, in place of a shell",
    )
    .passThroughOptions()
    .action((cell: string, words: string[]) => openShell(cli, cell, splitWords(words)));

interface ShellWords {
  readonly workload: string | undefined;
  readonly command: readonly string[];
}

/** @throws TsmachineError INVALID_INPUT for a command without "--" */
function splitWords(words: readonly string[]): ShellWords {
  const at = words.indexOf("--");
  const [workload, second] = at === -1 ? words : words.slice(0, at);
  const command = at === -1 ? [] : words.slice(at + 1);
  if (second === undefined) return { workload, command };
  throw new TsmachineError("INVALID_INPUT", `${second} is one argument too many`, {
    hints: ["give a command after `--`"],
  });
}

async function openShell(cli: Cli, cell: string, { workload, command }: ShellWords): Promise<void> {
  const { platform, signal } = cli;
  const { name } = await cli.withContext((context) => findKept(context, { cell, workload }), {
    progress: "silent",
  });
  const { url, certPath } = await readRunningMachine(cli, name, { asked: "provider" });
  const variables = dockerVariables({ machineName: name, endpointUrl: url, certPath, platform });
  const [program = shellOf(cli), ...args] = command;
  const environment = {
    ...Object.fromEntries(variables.map((variable) => [variable.name, variable.value])),
    // It would take the place of DOCKER_HOST.
    DOCKER_CONTEXT: undefined,
  };
  if (command.length === 0) {
    cli.output.stderr.write(
      `docker's clients find machine "${name}" of cell ${cell} from this shell; leave it with \`exit\`, ` +
        `and remove the machine with \`${cli.programName} rm -y ${name}\`\n`,
    );
  }
  cli.endWith(await runAttached(program, args, { signal, environment }));
}

function shellOf({ platform, environment }: Cli): string {
  return platform === "win32" ? environment.ComSpec || "cmd.exe" : environment.SHELL || "/bin/sh";
}
