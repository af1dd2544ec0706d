import { realpath } from "node:fs/promises";
import { isAbsolute, relative, sep } from "node:path";
import { Command } from "commander";
import { isSystemError } from "../../../errors/system-error.ts";
import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import { findProgram } from "../../../host/processes/find-program.ts";
import { runAttached } from "../../../host/processes/run-attached.ts";
import { localPath } from "../../../ssh/copy-arguments.ts";
import { sshfsArguments } from "../../../ssh/sshfs-arguments.ts";
import type { Cli, CommandFactory } from "../../cli.ts";
import { printJson } from "../../output/output.ts";
import { type MachineLocation, parseMachineLocation, requireUserName } from "./location.ts";
import { improperNumber } from "./scp.ts";
import { readSshTargets, targetFor } from "./targets.ts";

interface MountFlags {
  readonly unmount?: boolean;
  readonly json?: boolean;
}

export const mountCommand: CommandFactory = (cli) => {
  const command = new Command()
    .description("Mount a folder of a machine on this host, with sshfs.")
    .argument(
      "[places...]",
      "[[user@]machine:]path, then the mount point: the same path if left out",
    )
    .usage("[options] [[user@]machine:]path [mountpoint]")
    .option("-u, --unmount", "take the mount back; the machine need not run")
    .option("--json", "print JSON");
  return command.action(async (places: string[]) => {
    const [source, mountPoint, ...others] = places;
    if (source === undefined || others.length > 0) {
      throw improperNumber(cli, "mount MACHINE:PATH [MOUNTPOINT]");
    }
    const location = parseMachineLocation(source, cli.platform);
    const { machine, path } = location;
    const place = mountPoint ?? path;
    const { unmount: isOver = false, json = false } = command.opts<MountFlags>();
    if (isOver) await unmount(cli, place);
    else await mount(cli, location, place);
    if (json) printJson(cli.output, { machine, path, mountPoint: place, mounted: !isOver });
  });
};

async function mount(cli: Cli, location: MachineLocation, mountPoint: string): Promise<void> {
  requireUserName(location);
  if ((await findProgram("sshfs", cli)) === undefined) {
    throw new TsmachineError("PROGRAM_MISSING", "mount needs the program sshfs", {
      hints: [sshfsRemedies[cli.platform] ?? sshfsRemedies.linux],
    });
  }
  await requireOutsideStore(cli, mountPoint);
  const targets = await readSshTargets(cli, [location.machine]);
  const args = sshfsArguments(targetFor(location, targets), location.path, mountPoint);
  await runToSuccess(cli, "sshfs", args);
}

/** sshfs mounts before ssh has read the machine's key: above the key, both would wait for each other. */
async function requireOutsideStore(
  { globals: { storagePath } }: Cli,
  mountPoint: string,
): Promise<void> {
  const [above, below] = await Promise.all([mountPoint, storagePath].map(realPathOf));
  if (above === undefined || below === undefined) return;
  const way = relative(above, below);
  if (isAbsolute(way) || way.split(sep)[0] === "..") return;
  throw new TsmachineError("INVALID_INPUT", `the store ${storagePath} lies in ${mountPoint}`, {
    hints: ["give a mount point that does not hide it"],
  });
}

/** Undefined where there is nothing that could be hidden. */
async function realPathOf(path: string): Promise<string | undefined> {
  try {
    return await realpath(path);
  } catch (error) {
    if (isSystemError(error, "ENOENT", "ENOTDIR", "EACCES")) return undefined;
    throw error;
  }
}

const sshfsRemedies: Readonly<Partial<Record<NodeJS.Platform, string>>> & { linux: string } = {
  darwin: "install macFUSE and its sshfs",
  linux: "install the package sshfs",
  win32: "use `scp` of this program: sshfs mounts nothing on Windows",
};

async function unmount(cli: Cli, mountPoint: string): Promise<void> {
  const { program, options } = await findUnmount(cli);
  await runToSuccess(cli, program, [...options, localPath(mountPoint)]);
}

interface UnmountProgram {
  readonly program: string;
  readonly options: readonly string[];
}

/** Only Linux has fusermount, with which users unmount what they have mounted. */
async function findUnmount(cli: Cli): Promise<UnmountProgram> {
  for (const program of ["fusermount3", "fusermount"]) {
    if ((await findProgram(program, cli)) !== undefined) return { program, options: ["-u"] };
  }
  if (cli.platform !== "linux") return { program: "umount", options: [] };
  throw new TsmachineError("PROGRAM_MISSING", "mount -u needs the program fusermount3", {
    hints: ["install the package fuse3"],
  });
}

async function runToSuccess(cli: Cli, program: string, args: readonly string[]): Promise<void> {
  const status = await runAttached(program, args, { signal: cli.signal });
  if (status === 0) return;
  throw new TsmachineError("PROGRAM_FAILED", `${program} ended with status ${status}`, {
    hints: ["mend what it says above"],
  });
}
