import { Command } from "commander";
import { removeMachine, removeTraces } from "../../../core/machine/remove.ts";
import { findLeftovers, removeLeftovers } from "../../../core/prune/leftovers.ts";
import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import { isMachineName } from "../../../store/machine-name.ts";
import { machineNotFound } from "../../../store/machines.ts";
import type { Cli, CommandFactory } from "../../cli.ts";
import { printJson } from "../../output/output.ts";
import { confirm, questionStream } from "../../prompts.ts";
import { forEachMachine } from "../names.ts";
import { withPrefix } from "../with-prefix.ts";

interface RmFlags {
  readonly force?: boolean;
  readonly y?: boolean;
  readonly json?: boolean;
}

export const rmCommand: CommandFactory = (cli) => {
  const command = new Command()
    .description("Remove machines with their disks.")
    .argument("[names...]", "the machines")
    .option(
      "-f, --force",
      "do not ask, and remove the record even when the machine cannot be removed",
    )
    .option("-y", "answer yes")
    .option("--json", "print JSON");
  return command.action((names: string[]) => {
    if (names.length === 0 && cli.programName === "docker-machine") command.outputHelp();
    return remove(cli, names, command.opts<RmFlags>());
  });
};

async function remove(cli: Cli, names: readonly string[], flags: RmFlags): Promise<void> {
  const { stdout } = cli.output;
  if (names.length === 0) {
    throw new TsmachineError(
      "NAME_MISSING",
      "Expected to get one or more machine names as arguments",
      { hints: ["name the machines to remove, as in `tsmachine rm default`"] },
    );
  }
  const force = flags.force === true;
  const existing = await cli.withContext(({ store }) => store.listMachineNames(), {
    progress: "silent",
  });
  const present = names.filter((name) => existing.includes(name));
  // docker-machine looks only afterwards whether they are there, and scripts count its lines.
  const announced = cli.programName === "docker-machine" ? names : present;
  if (!flags.json && announced.length > 0) {
    stdout.write(`About to remove ${announced.join(", ")}\n`);
    stdout.write("WARNING: This action will delete both local reference and remote instance.\n");
  }
  if (!force && flags.y !== true && announced.length > 0) {
    const asked = {
      ...{ ...cli, input: cli.openInput() },
      output: questionStream(cli),
      remedy: "answer yes beforehand with `-y`",
    };
    if (!(await confirm("Are you sure?", asked))) return;
  }
  const done = new Set<string>();
  const report = () => {
    const removed = names.filter((name, index) => done.has(name) && names.indexOf(name) === index);
    if (flags.json)
      printJson(
        cli.output,
        removed.map((name) => ({ name, outcome: "removed" })),
      );
    else for (const name of removed) stdout.write(`Successfully removed ${name}\n`);
  };
  try {
    await cli.withContext(async (context) => {
      await forEachMachine(names, async (name) => {
        try {
          if (!present.includes(name)) {
            if (force && isMachineName(name)) await removeTraces(context, name);
            throw machineNotFound(name);
          }
          await removeMachine(context, name, { force });
          done.add(name);
        } catch (error) {
          if (!force || !isNotFound(error))
            throw withPrefix(`Error removing host "${name}"`, error);
        }
      });
      if (force) await removeLeftovers(context, await findLeftovers(context));
    });
  } catch (error) {
    if (done.size > 0) report();
    throw error;
  }
  report();
}

function isNotFound(error: unknown): error is TsmachineError {
  return error instanceof TsmachineError && error.code === "MACHINE_NOT_FOUND";
}
