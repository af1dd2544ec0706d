import { Command, CommanderError } from "commander";
import * as z from "zod";
import type { CommandFactory, ProcessParts } from "./cli.ts";
import { commandTable } from "./command-table.ts";
import { callByName } from "./compat/call-by-name.ts";
import type { ProgramName } from "./compat/program-name.ts";
import { commandLineError } from "./flags/commander-error.ts";
import { addGlobalOptions, readGlobalOptions } from "./flags/global-options.ts";
import { readGoFlags } from "./flags/go-flags.ts";

/**
 * Parses the command line in two steps: the global flags and the command's name here, the rest by
 * the command itself, so that only the command that runs is loaded.
 * @returns the exit status
 * @throws what the command throws; TsmachineError INVALID_INPUT for a wrong command line.
 */
export async function runProgram(args: readonly string[], parts: ProcessParts): Promise<number> {
  // For schemas that parse once: compiling a function for each takes longer than it saves.
  z.config({ jitless: true });
  let status = 0;
  const endWith = (wanted: number) => {
    status = wanted;
  };
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
      const command = await loadCommand(name, { load, program, parts, endWith });
      await parse(command, rest);
    });
  }
  addHelp(program);
  addCompletion(program, parts);
  await parse(program, args);
  return status;
}

interface Loading {
  readonly load: () => Promise<CommandFactory>;
  /** With the global flags parsed. */
  readonly program: Command;
  readonly parts: ProcessParts;
  readonly endWith: (status: number) => void;
}

async function loadCommand(
  name: string,
  { load, program, parts, endWith }: Loading,
): Promise<Command> {
  const [{ createCli }, factory] = await Promise.all([import("./create-cli.ts"), load()]);
  const globals = readGlobalOptions(program, parts);
  const cli = createCli(parts, { command: name, globals, endWith });
  return configure(await factory(cli), parts).name(`${parts.programName} ${name}`);
}

/** What the scripts that `completion` prints ask: the words so far, the last of which is completed. */
function addCompletion(program: Command, parts: ProcessParts): void {
  const command = program
    .command("__complete", { hidden: true })
    .argument("[words...]")
    .option("--new-word", "an empty word follows the last one")
    .allowUnknownOption()
    .passThroughOptions();
  command.action(async (words: string[]) => {
    const isNewWord = command.opts<{ newWord?: boolean }>().newWord === true;
    const { answerCompletion } = await import("./completion/answer.ts");
    await answerCompletion([...words, ...(isNewWord ? [""] : [])], {
      ...{ program, parts },
      loadCommand: (name) => {
        const load = commandTable[name]?.load;
        return load && loadCommand(name, { load, program, parts, endWith: () => {} });
      },
    });
  });
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
    await command.parseAsync(readGoFlags(command, args), { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode !== 0 && error.code !== "commander.help") throw commandLineError(error);
  }
}
