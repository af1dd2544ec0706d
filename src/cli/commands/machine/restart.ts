import { restartMachine } from "../../../core/machine/power.ts";
import type { CommandFactory } from "../../cli.ts";
import { bootLimits } from "../boot-limits.ts";
import { changeCommand } from "./change-command.ts";

export const restartCommand: CommandFactory = (cli) =>
  changeCommand(cli, {
    description: "Shut machines down and start them again.",
    change: async (context, name) => {
      await restartMachine(context, name, bootLimits(cli.environment));
      return "changed";
    },
    done: "restarted",
    already: "running",
    advice:
      "Restarted machines may have new IP addresses. " +
      `You may need to re-run the \`${cli.programName} env\` command.`,
  });
