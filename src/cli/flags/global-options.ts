import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { type Command, Option } from "commander";
import type { GlobalOptions, ProcessParts } from "../cli.ts";
import { isSwitchedOn } from "./flag-value.ts";

/** Adds the flags that go before a command's name. */
export function addGlobalOptions(program: Command): Command {
  return program
    .addOption(new Option("-D, --debug", "show details and stacks (env: MACHINE_DEBUG)"))
    .addOption(
      new Option(
        "-s, --storage-path <PATH>",
        "folder of machines, certificates and cache (env: MACHINE_STORAGE_PATH)",
      ),
    )
    .addOption(new Option("-q, --quiet", "do not show progress"))
    .addOption(
      new Option("--native-ssh", "use the SSH client inside tsmachine (env: MACHINE_NATIVE_SSH)"),
    );
}

/** The flags, else the variables. An empty path is none: it would mean the current folder. */
export function readGlobalOptions(
  program: Command,
  { environment }: Pick<ProcessParts, "environment">,
): GlobalOptions {
  const { storagePath, debug, quiet, nativeSsh } = program.opts<{
    storagePath?: string;
    debug?: boolean;
    quiet?: boolean;
    nativeSsh?: boolean;
  }>();
  const root =
    storagePath ||
    environment.MACHINE_STORAGE_PATH ||
    environment.TSMACHINE_STORAGE_PATH ||
    join(homedir(), ".tsmachine");
  return {
    storagePath: resolve(root),
    debug: debug === true || isSwitchedOn(environment.MACHINE_DEBUG),
    quiet: quiet === true,
    nativeSsh: nativeSsh === true || isSwitchedOn(environment.MACHINE_NATIVE_SSH),
  };
}
