import { Command, CommanderError } from "commander";
import type { ProcessParts } from "./cli.ts";
import { commandTable } from "./command-table.ts";
import { callByName } from "./compat/call-by-name.ts";
import type { ProgramName } from "./compat/program-name.ts";
import { commandLineError } from "./flags/commander-error.ts";
import { addGlobalOptions, readGlobalOptions } from "./flags/global-options.ts";

/**
 * Parses the command line in two steps: the global flags and the command's name here, the rest by
 * the command itself, so that only the command that runs is loaded.
 * @returns the exit status
 * @throws what the command throws; TsmachineError INVALID_INPUT for a wrong command line.
 */
export async function runProgram(args: readonly string[], parts: ProcessParts): Promise<number> {
  let status = 0;
  const program = globalProgram(parts);
  for (const [name, { summary, load }] of Object.entries(commandTable)) {
    const stub = program
      .command(name)
      .summary(summary)
      .helpOption(false)
      .allowUnknownOption()
      .passThroughOptions()
      .argument("[args...]");
    stub.action(async (rest: string[]) => {
      const [{ createCli }, factory] = await Promise.all([import("./create-cli.ts"), load()]);
      const endWith = (wanted: number) => {
        status = wanted;
      };
      const globals = readGlobalOptions(program, parts);
      const cli = createCli(parts, { command: name, globals, endWith });
      const command = configure(await factory(cli), parts).name(`${parts.programName} ${name}`);
      await parse(command, rest);
    });
  }
  addHelp(program);
  await parse(program, args);
  return status;
}

/** In place of commander's own, which would show what a command looks like before it is loaded. */
function addHelp(program: Command): void {
  program
    .command("help")
    .summary("show the help of a command")
    .argument("[command]")
    .action((name = "--help") =>
      parse(program, Object.hasOwn(commandTable, name) ? [name, "--help"] : [name]),
    );
}

const descriptions = {
  tsmachine: "A Docker engine in a tiny virtual machine, with one command.",
  // docker-machine's own, which scripts look for in the second line.
  "docker-machine": "Create and manage machines running Docker.",
} as const satisfies Record<ProgramName, string>;

function globalProgram(parts: ProcessParts): Command {
  const program = new Command(parts.programName)
    .description(descriptions[parts.programName])
    .enablePositionalOptions()
    .version(`${parts.programName} version ${parts.version}`, "-v, --version", "print the version");
  return configure(addGlobalOptions(program), parts);
}

/** Errors are worded elsewhere; help goes where results go, also that of no command at all. */
function configure(command: Command, parts: ProcessParts): Command {
  for (const subcommand of command.commands) configure(subcommand, parts);
  const { output, programName } = parts;
  const writeHelp = (text: string) => output.stdout.write(callByName(programName, text));
  return command
    .exitOverride()
    .configureOutput({ writeOut: writeHelp, writeErr: writeHelp, outputError: () => {} });
}

async function parse(command: Command, args: readonly string[]): Promise<void> {
  try {
    await command.parseAsync([...args], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode !== 0 && error.code !== "commander.help") throw commandLineError(error);
  }
}
