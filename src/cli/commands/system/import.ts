import { stat } from "node:fs/promises";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { Command } from "commander";
import { type ImportedMachine, importMachines } from "../../../core/import/import-machines.ts";
import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import { unlessMissing } from "../../../host/files/files.ts";
import { parseHostKey } from "../../../ssh/host-key.ts";
import type { Cli, CommandFactory } from "../../cli.ts";
import { printJson } from "../../output/output.ts";
import { printTable } from "../../output/table.ts";
import { type ArchiveFlags, refuseArchiveFlags, takeArchive } from "./import-archive.ts";

export const importCommand: CommandFactory = (cli) => {
  const command = new Command()
    .description(
      "Make the machine of an archive that `export` has written, or take over machines of docker-machine that run without tsmachine.",
    )
    .argument(
      "[sources...]",
      "an archive; or docker-machine's store, which has a slash in it, then names of machines in it",
    )
    .usage("[options] [file] | [path] [names...]")
    .option("--name <NAME>", "what the archive's machine is called here")
    .option("--new-images", "give it this version's kernel and engine in place of its own")
    .option("--dry-run", "show what would be done with docker-machine's store")
    .option(
      "--ssh-host-key <KEY>",
      'host key of the one machine that is named: "ssh-ed25519 AAAA…"',
    )
    .option("--json", "print JSON");
  return command.action((words: string[]) => take(cli, words, command.opts<ArchiveFlags>()));
};

async function take(cli: Cli, words: readonly string[], flags: ArchiveFlags): Promise<void> {
  const [first, ...others] = words;
  if (first !== undefined && (await isFile(first))) {
    return takeArchive(cli, { path: resolve(first), names: others }, flags);
  }
  const { path, names } = splitWords(words, defaultPath(cli));
  if (first !== undefined) await refuseMissing(first, { path, names, flags });
  refuseArchiveFlags(flags, first ?? path);
  const { sshHostKey } = flags;
  if (sshHostKey !== undefined) {
    parseHostKey(sshHostKey);
    requireOneName(names);
  }
  const how = flags.dryRun ? "look" : "take over";
  const machines = await cli.withContext((context) =>
    importMachines(context, { path, names, how, sshHostKey }),
  );
  if (flags.json) printJson(cli.output, { path, machines });
  else await print(cli, machines);
  if (machines.some((machine) => isFailure(machine, names))) cli.endWith(1);
}

/** An archive is told by being one file: docker-machine's store is a folder, and a name is neither. */
async function isFile(path: string): Promise<boolean> {
  const status = await stat(path).catch(() => undefined);
  return status?.isFile() ?? false;
}

interface Meant {
  /** Of docker-machine's store. */
  readonly path: string;
  readonly names: readonly string[];
  readonly flags: ArchiveFlags;
}

/**
 * Refuses the first word where it is neither there nor a machine of docker-machine's.
 * @throws TsmachineError FILE_UNREADABLE
 */
async function refuseMissing(first: string, { path, names, flags }: Meant): Promise<void> {
  if (await isThere(resolve(first))) return;
  const isName = names.includes(first) && !first.endsWith(".tsmachine");
  // These flags are for docker-machine's store alone, which has an error of its own for such a name.
  const isForOldStore = flags.dryRun || flags.sshHostKey !== undefined;
  if (isName && (isForOldStore || (await isThere(join(path, "machines", first))))) return;
  throw new TsmachineError("FILE_UNREADABLE", `there is no file ${resolve(first)}`, {
    hints: [
      "name the archive that `tsmachine export NAME FILE` has written",
      "name docker-machine's store, as in `tsmachine import --dry-run ~/.docker/machine`",
    ],
  });
}

async function isThere(path: string): Promise<boolean> {
  return (await unlessMissing(stat(path))) !== undefined;
}

/** A path has a slash in it, a machine's name has none. */
function splitWords(words: readonly string[], byDefault: string) {
  const [first = ""] = words;
  const hasPath = /[/\\]/.test(first) || first === "." || first === "..";
  return hasPath
    ? { path: resolve(first), names: words.slice(1) }
    : { path: byDefault, names: words };
}

/** Where docker-machine has its store, unless that variable means ours. */
function defaultPath({ environment, globals }: Cli): string {
  const { MACHINE_STORAGE_PATH: given } = environment;
  const isOurs = given === undefined || given === "" || resolve(given) === globals.storagePath;
  return isOurs ? join(homedir(), ".docker", "machine") : resolve(given);
}

function requireOneName(names: readonly string[]): void {
  if (names.length === 1) return;
  throw new TsmachineError("INVALID_INPUT", "--ssh-host-key is the key of one machine", {
    hints: ["name that machine alone, and run the command once for each"],
  });
}

/** What was asked for by name and is not there now, or what ought to have been taken over. */
function isFailure({ outcome }: ImportedMachine, names: readonly string[]): boolean {
  if (outcome === "unsupported") return names.length > 0;
  return outcome === "damaged" || outcome === "taken";
}

async function print({ output }: Cli, machines: readonly ImportedMachine[]): Promise<void> {
  await printTable(
    output,
    [
      { header: "name", cell: ({ name }) => name },
      { header: "driver", cell: ({ driver }) => driver },
      { header: "outcome", cell: ({ outcome }) => outcome },
      { header: "notes", cell: ({ notes }) => notes.join("; ") },
    ],
    machines,
  );
}
