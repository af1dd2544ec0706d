import { Command } from "commander";
import { restartMachine } from "../../../core/machine/power.ts";
import type { CommandFactory } from "../../cli.ts";
import { bootLimits } from "../boot-limits.ts";
import { changeMachines } from "./change-machines.ts";

export const restartCommand: CommandFactory = (cli) =>
  new Command()
    .description("Shut machines down and start them again.")
    .argument("[names...]", 'the machines; "default" when none is named')
    .action(async (names: string[]) => {
      const limits = bootLimits(cli.environment);
      await changeMachines(cli, names, {
        change: async (context, name) => {
          await restartMachine(context, name, limits);
          return "changed";
        },
        done: "restarted",
        already: "running",
      });
    });
