import { copyFile, mkdir, readdir } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { execPath } from "node:process";
import { execa } from "execa";
import { packageDirectory } from "../machines/tsmachine.ts";

/** What a host may have otherwise than another one. */
export interface HostOddities {
  readonly umask: "000" | "077";
  readonly environment: Readonly<Record<string, string>>;
  readonly workingDirectory: string;
  /** In which order the files of templates/ were made, which some file systems list them in. */
  readonly templates: "as they are" | "copied backwards";
  readonly processors: "all" | "one";
}

interface OddRun {
  readonly oddities: HostOddities;
  /** Where a copy of templates/ may be made. */
  readonly templatesCopy: string;
  /** A script for Node; its first argument is the folder of the templates. */
  readonly program: string;
  readonly args: readonly string[];
}

const timeoutMs = 4 * 60_000;

/** Runs the program in a process that sees nothing of this host but what is said. @returns stdout */
export async function runOnOddHost({ oddities, templatesCopy, program, args }: OddRun) {
  const { umask, environment, workingDirectory, processors } = oddities;
  const own = join(packageDirectory, "templates");
  const templates =
    oddities.templates === "as they are" ? own : await copyBackwards(own, templatesCopy);
  const command = [execPath, program, templates, ...args];
  const pinned = processors === "one" ? ["taskset", "-c", "0", ...command] : command;
  const script = `umask ${umask}; exec "$@"`;
  const { stdout } = await execa("/bin/sh", ["-c", script, "sh", ...pinned], {
    ...{ cwd: workingDirectory, extendEnv: false, timeout: timeoutMs },
    env: { PATH: process.env.PATH, ...environment },
  });
  return stdout;
}

/** A copy whose files were made in the opposite order of their names. */
async function copyBackwards(from: string, to: string): Promise<string> {
  const entries = await readdir(from, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(from, join(entry.parentPath, entry.name)))
    .sort()
    .reverse();
  for (const path of paths) {
    await mkdir(dirname(join(to, path)), { recursive: true });
    await copyFile(join(from, path), join(to, path));
  }
  return to;
}
