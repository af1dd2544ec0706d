import type { Command } from "commander";
import type { Cli, CommandFactory, ProcessParts } from "../../../src/cli/cli.ts";
import { callByName } from "../../../src/cli/compat/call-by-name.ts";
import { recordedParts } from "./cli-parts.ts";
import type { CoreWorld } from "./core-world.ts";

export interface CommandOutcome {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitStatus: number;
}

/** Runs a command on a world's machines, as the program does once it has parsed the global flags. */
export async function runCommand(
  { context }: CoreWorld,
  factory: CommandFactory,
  args: readonly string[] = [],
  changes: Partial<ProcessParts> & { typed?: string } = {},
): Promise<CommandOutcome> {
  const parts = recordedParts({ signal: context.signal, ...changes });
  let exitStatus = 0;
  const cli: Cli = {
    ...parts,
    globals: {
      ...{ storagePath: context.store.layout.root, debug: false, quiet: false, nativeSsh: false },
      tlsPaths: { ca: "", caKey: "", certificate: "", key: "" },
    },
    providers: context.providers,
    callByName: (text) => callByName(parts.programName, text),
    endWith: (status) => {
      exitStatus = status;
    },
    withContext: (action) => action(context),
  };
  await withoutExit(await factory(cli)).parseAsync([...args], { from: "user" });
  return { stdout: parts.printed(), stderr: parts.complained(), exitStatus };
}

function withoutExit(command: Command): Command {
  for (const subcommand of command.commands) withoutExit(subcommand);
  return command.exitOverride().configureOutput({ outputError: () => {} });
}
