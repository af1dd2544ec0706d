import { Command } from "commander";
import { startMachine } from "../../../core/machine/power.ts";
import type { CommandFactory } from "../../cli.ts";
import { bootLimits } from "../boot-limits.ts";
import { changeMachines } from "./change-machines.ts";

export const startCommand: CommandFactory = (cli) =>
  new Command()
    .description("Start machines and wait until their engines answer.")
    .argument("[names...]", 'the machines; "default" when none is named')
    .action(async (names: string[]) => {
      const limits = bootLimits(cli.environment);
      await changeMachines(cli, names, {
        change: (context, name) => startMachine(context, name, limits),
        done: "started",
        already: "running",
      });
      cli.output.stdout.write(
        "Started machines may have new IP addresses. " +
          `You may need to re-run the \`${cli.programName} env\` command.\n`,
      );
    });
