import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { Command, CommanderError, Option } from "commander";
import type { GlobalOptions, ProcessParts } from "./cli.ts";
import { commandTable } from "./command-table.ts";
import { commandLineError } from "./flags/commander-error.ts";

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
      const cli = createCli(parts, globalOptions(program, parts), (wanted) => {
        status = wanted;
      });
      const command = configure(factory(cli), parts).name(`${parts.programName} ${name}`);
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

function globalProgram(parts: ProcessParts): Command {
  const program = new Command(parts.programName)
    .description("A Docker engine in a tiny virtual machine, with one command.")
    .enablePositionalOptions()
    .version(`${parts.programName} version ${parts.version}`, "-v, --version", "print the version")
    .addOption(new Option("-D, --debug", "show details and stacks").env("MACHINE_DEBUG"))
    .addOption(
      new Option("-s, --storage-path <PATH>", "folder of machines, certificates and cache").env(
        "MACHINE_STORAGE_PATH",
      ),
    )
    .addOption(new Option("-q, --quiet", "do not show progress"))
    .addOption(
      new Option("--native-ssh", "use the SSH client inside tsmachine").env("MACHINE_NATIVE_SSH"),
    );
  return configure(program, parts);
}

function globalOptions(program: Command, { environment }: ProcessParts): GlobalOptions {
  const { storagePath, debug, quiet, nativeSsh } = program.opts<{
    storagePath?: string;
    debug?: boolean;
    quiet?: boolean;
    nativeSsh?: boolean;
  }>();
  const root = storagePath ?? environment.TSMACHINE_STORAGE_PATH ?? join(homedir(), ".tsmachine");
  return {
    storagePath: resolve(root),
    debug: debug === true,
    quiet: quiet === true,
    nativeSsh: nativeSsh === true,
  };
}

/** Errors are worded elsewhere; help goes where results go. */
function configure(command: Command, parts: ProcessParts): Command {
  for (const subcommand of command.commands) configure(subcommand, parts);
  const { output } = parts;
  return command.exitOverride().configureOutput({
    writeOut: (text) => output.stdout.write(text),
    writeErr: (text) => output.stderr.write(text),
    outputError: () => {},
  });
}

async function parse(command: Command, args: readonly string[]): Promise<void> {
  try {
    await command.parseAsync([...args], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode !== 0 && error.code !== "commander.help") throw commandLineError(error);
  }
}
