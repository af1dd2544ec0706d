import { isAbsolute } from "node:path";

/** A copy by other programs; machines go by their names in the configuration. */
export interface ProgramCopy {
  /** The file with the opensshConfig of all machines that take part. */
  readonly configPath: string;
  readonly from: ProgramPath;
  readonly to: ProgramPath;
  readonly recursive: boolean;
  readonly progress: "shown" | "silent";
}

export interface ProgramPath {
  /** Undefined: this host. */
  readonly machine: string | undefined;
  /** Undefined: the one in the configuration. */
  readonly user: string | undefined;
  readonly path: string;
}

/** Arguments for scp(1), which takes the way through this host between two machines (-3). */
export function scpArguments({ configPath, from, to, recursive, progress }: ProgramCopy): string[] {
  return [
    ...["-F", configPath, "-3"],
    ...(recursive ? ["-r"] : []),
    ...(progress === "silent" ? ["-q"] : []),
    ...["--", programPath(from), programPath(to)],
  ];
}

/** Arguments for rsync(1) that copies what links point at, as scp does, instead of leaving them out. */
export function rsyncArguments(copy: ProgramCopy): string[] {
  const { configPath, from, to, recursive, progress } = copy;
  return [
    // Its words are split at blanks outside quotes; a quote is doubled within.
    ...["-e", `ssh -F "${configPath.replaceAll('"', '""')}"`],
    "--copy-links",
    ...(recursive ? ["-r"] : []),
    ...(progress === "silent" ? ["-q"] : ["--progress"]),
    ...["--", programPath(from), programPath(to)],
  ];
}

function programPath({ machine, user, path }: ProgramPath): string {
  if (machine === undefined) return localPath(path);
  return `${user === undefined ? "" : `${user}@`}${machine}:${path}`;
}

/** A path that no program takes for an option, or for a machine's because of a colon in it. */
export function localPath(path: string): string {
  return isAbsolute(path) ? path : `./${path}`;
}
