import { Command } from "commander";
import { openForSsh } from "../../../core/machine/open-for-ssh.ts";
import { sshAccessOf } from "../../../core/machine/ssh-access.ts";
import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import { findProgram } from "../../../host/processes/find-program.ts";
import { runAttached } from "../../../host/processes/run-attached.ts";
import { opensshArguments } from "../../../ssh/openssh-arguments.ts";
import { openSession } from "../../../ssh/session.ts";
import type { MachineLayout } from "../../../store/layout.ts";
import type { MachineRecord } from "../../../store/record.ts";
import type { Cli, CommandFactory } from "../../cli.ts";
import { defaultName } from "../names.ts";
import { type SshWords, splitSshWords } from "./ssh-words.ts";
import { withTerminal } from "./terminal.ts";

export const sshCommand: CommandFactory = (cli) =>
  new Command()
    .description("Log in to a machine, or run a command on it and end with its exit status.")
    .argument("[name]", "the machine", defaultName)
    .argument("[words...]", "options for ssh, then the command")
    .usage("[name] [ssh options] [--] [command...]")
    .allowUnknownOption()
    .passThroughOptions()
    .action((name: string, words: string[]) => ssh(cli, name, splitSshWords(words)));

async function ssh(cli: Cli, name: string, words: SshWords): Promise<void> {
  const target = await cli.withContext(
    async (context) => ({
      record: (await openForSsh(context, name)).record,
      files: context.store.machineLayout(name),
    }),
    { progress: "silent" },
  );
  const program = cli.globals.nativeSsh ? undefined : await findProgram("ssh", cli);
  cli.endWith(
    program === undefined
      ? await withOwnClient(cli, target, words)
      : await withOpenSsh(cli, program, target, words),
  );
}

interface Target {
  readonly record: MachineRecord;
  readonly files: MachineLayout;
}

async function withOpenSsh(
  cli: Cli,
  program: string,
  { record, files }: Target,
  words: SshWords,
): Promise<number> {
  const target = {
    ...sshAccessOf(record),
    ...{ privateKeyPath: files.sshKey, knownHostsPath: files.knownHosts },
  };
  cli.leaveInterruptsToProgram();
  return runAttached(program, opensshArguments(target, words), cli.signal);
}

async function withOwnClient(
  cli: Cli,
  { record, files }: Target,
  { options, command }: SshWords,
): Promise<number> {
  if (options.length > 0) throw optionsNeedOpenSsh(options);
  const { input: stdin, output, signal, environment } = cli;
  const { stdout, stderr } = output;
  await using session = await openSession({
    ...sshAccessOf(record),
    ...{ privateKeyPath: files.sshKey, timeoutMs: loginTimeoutMs, signal },
  });
  const words = command.length === 0 ? undefined : command.join(" ");
  const streams = { stdin, stdout, stderr, signal };
  if (words !== undefined || !stdin.isTTY || !stdout.isTTY) {
    return await session.runInteractive(words, streams);
  }
  return await withTerminal({ stdin, stdout, type: environment.TERM }, (terminal) =>
    session.runInteractive(words, { ...streams, terminal }),
  );
}

const loginTimeoutMs = 30_000;

function optionsNeedOpenSsh(options: readonly string[]): TsmachineError {
  return new TsmachineError(
    "INVALID_INPUT",
    `options of ssh (${options.join(" ")}) need the OpenSSH client`,
    { hints: ["install the program ssh and leave out --native-ssh, or leave out the options"] },
  );
}
