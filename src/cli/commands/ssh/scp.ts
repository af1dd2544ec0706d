import { Command } from "commander";
import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import { findProgram } from "../../../host/processes/find-program.ts";
import type { CopyOutcome } from "../../../ssh/copy/copy-tree.ts";
import { rsyncArguments, scpArguments } from "../../../ssh/copy-arguments.ts";
import type { Cli, CommandFactory } from "../../cli.ts";
import { printJson } from "../../output/output.ts";
import { type Copy, copyByProgram } from "./copy-by-program.ts";
import { copyBySftp } from "./copy-by-sftp.ts";
import { type Location, parseLocation, requireUserName } from "./location.ts";
import { readSshTargets } from "./targets.ts";

interface ScpFlags {
  readonly recursive?: boolean;
  readonly delta?: boolean;
  readonly quiet?: boolean;
  readonly json?: boolean;
}

export const scpCommand: CommandFactory = (cli) => {
  const command = new Command()
    .description("Copy files between this host and machines, or between machines.")
    .argument("[locations...]", "source and destination: [[user@]machine:]path")
    .usage("[options] [[user@]machine:]path [[user@]machine:]path")
    .option("-r, --recursive", "copy folders with all that is in them")
    .option("-d, --delta", "send only what differs, with rsync")
    .option("-q, --quiet", "do not show progress")
    .option("--json", "print JSON, and no progress");
  return command.action(async (locations: string[]) => {
    const [source, destination, ...others] = locations;
    if (source === undefined || destination === undefined || others.length > 0) {
      throw improperNumber(cli, "scp SOURCE DESTINATION");
    }
    await scp(cli, [source, destination], command.opts<ScpFlags>());
  });
};

/** Words that docker-machine has for a wrong number of locations. */
export function improperNumber({ programName }: Cli, usage: string): TsmachineError {
  return new TsmachineError("INVALID_INPUT", "Improper number of arguments", {
    hints: [`give them as in \`${programName} ${usage}\``],
  });
}

async function scp(cli: Cli, [source, destination]: [string, string], flags: ScpFlags) {
  const from = parseLocation(source, cli.platform);
  const to = parseLocation(destination, cli.platform);
  const machines = [from, to].filter((location) => location.kind === "machine");
  for (const location of machines) requireUserName(location);
  const isShown =
    !flags.quiet &&
    !flags.json &&
    !cli.globals.quiet &&
    cli.output.stdout.isTTY &&
    cli.output.stderr.isTTY;
  const { tool, outcome } = await copyWithBest(cli, flags.delta ? "rsync" : "scp", {
    ...{ from, to, recursive: flags.recursive === true, progress: isShown ? "shown" : "silent" },
    targets: await readSshTargets(
      cli,
      machines.map(({ machine }) => machine),
    ),
  });
  if (!flags.json) return;
  printJson(cli.output, { source: named(from), destination: named(to), tool, ...outcome });
}

interface Copied {
  readonly tool: "rsync" | "scp" | "sftp";
  /** Other programs do not say. */
  readonly outcome?: CopyOutcome;
}

async function copyWithBest(cli: Cli, wanted: "rsync" | "scp", copy: Copy): Promise<Copied> {
  if (wanted === "rsync") {
    await requireRsync(cli, copy);
    await copyByProgram(cli, { name: "rsync", argumentsFor: rsyncArguments }, copy);
    return { tool: "rsync" };
  }
  const hasScp = !cli.globals.nativeSsh && (await findProgram("scp", cli)) !== undefined;
  if (!hasScp) return { tool: "sftp", outcome: await copyBySftp(cli, copy) };
  await copyByProgram(cli, { name: "scp", argumentsFor: scpArguments }, copy);
  return { tool: "scp" };
}

async function requireRsync(cli: Cli, { from, to }: Copy): Promise<void> {
  if (from.kind === "machine" && to.kind === "machine") {
    throw new TsmachineError("INVALID_INPUT", "rsync does not copy between two machines", {
      hints: ["leave out -d, or copy to this host first"],
    });
  }
  for (const program of ["ssh", "rsync"]) {
    if ((await findProgram(program, cli)) !== undefined) continue;
    throw new TsmachineError("PROGRAM_MISSING", `-d needs the program ${program}`, {
      hints: [`install ${program}, or leave out -d`],
    });
  }
}

function named(location: Location): { machine: string | null; path: string } {
  const { path } = location;
  return { machine: location.kind === "machine" ? location.machine : null, path };
}
