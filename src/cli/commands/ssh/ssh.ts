import { Readable } from "node:stream";
import { Command } from "commander";
import { readSshTarget, type SshTarget } from "../../../core/machine/ssh-target.ts";
import { findProgram } from "../../../host/processes/find-program.ts";
import { runAttached } from "../../../host/processes/run-attached.ts";
import { opensshArguments } from "../../../ssh/openssh-arguments.ts";
import { openSession } from "../../../ssh/session.ts";
import type { Cli, CommandFactory } from "../../cli.ts";
import { machineName } from "../names.ts";
import { readOwnOptions } from "./own-options.ts";
import { type SshWords, splitSshWords } from "./ssh-words.ts";
import { loginTimeoutMs } from "./targets.ts";
import { terminalWithoutUser, withTerminal } from "./terminal.ts";

export const sshCommand: CommandFactory = (cli) =>
  new Command()
    .description("Log in to a machine, or run a command on it and end with its exit status.")
    .argument("[name]", 'the machine; "default" when none is named')
    .argument("[words...]", "options for ssh, then the command")
    .usage("[name] [ssh options] [--] [command...]")
    .allowUnknownOption()
    .passThroughOptions()
    .action((name: string | undefined, words: string[]) => ssh(cli, name, splitSshWords(words)));

async function ssh(cli: Cli, given: string | undefined, words: SshWords): Promise<void> {
  const target = await cli.withContext(
    async (context) => readSshTarget(context, await machineName(context, given)),
    { progress: "silent" },
  );
  const program = cli.globals.nativeSsh ? undefined : await findProgram("ssh", cli);
  cli.endWith(
    program === undefined
      ? await withOwnClient(cli, target, words)
      : await withOpenSsh(cli, program, target, words),
  );
}

async function withOpenSsh(
  cli: Cli,
  program: string,
  target: SshTarget,
  words: SshWords,
): Promise<number> {
  cli.leaveInterruptsToProgram();
  return runAttached(program, opensshArguments(target, words), { signal: cli.signal });
}

async function withOwnClient(
  cli: Cli,
  target: SshTarget,
  { options, command }: SshWords,
): Promise<number> {
  const own = readOwnOptions(options);
  const { output, signal, environment } = cli;
  const { stdout, stderr } = output;
  const stdin = cli.openInput();
  const words = command.length === 0 ? undefined : command.join(" ");
  const type = environment.TERM;
  await using session = await openSession({ ...target, timeoutMs: loginTimeoutMs, signal });
  const streams = {
    stdin: own.input === "none" ? Readable.from([]) : stdin,
    stdout,
    stderr,
    signal,
  };
  const isWanted = own.terminal === "wanted" || own.terminal === "forced" || words === undefined;
  if (own.terminal !== "never" && isWanted && stdin.isTTY && stdout.isTTY) {
    return await withTerminal({ stdin, stdout, type }, (terminal) =>
      session.runInteractive(words, { ...streams, terminal }),
    );
  }
  return await session.runInteractive(words, {
    ...streams,
    ...(own.terminal === "forced" && { terminal: terminalWithoutUser(type) }),
  });
}
