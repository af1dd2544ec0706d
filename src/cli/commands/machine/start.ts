import { startMachine } from "../../../core/machine/power.ts";
import type { CommandFactory } from "../../cli.ts";
import { bootLimits } from "../boot-limits.ts";
import { changeCommand } from "./change-command.ts";

export const startCommand: CommandFactory = (cli) =>
  changeCommand(cli, {
    description: "Start machines and wait until their engines answer.",
    change: (context, name) => startMachine(context, name, bootLimits(cli.environment)),
    done: "started",
    already: "running",
    advice:
      "Started machines may have new IP addresses. " +
      `You may need to re-run the \`${cli.programName} env\` command.`,
  });
