import { stopMachine } from "../../../core/machine/power.ts";
import type { CommandFactory } from "../../cli.ts";
import { changeCommand } from "./change-command.ts";

export const stopCommand: CommandFactory = (cli) =>
  changeCommand(cli, {
    description: "Shut machines down; their containers are stopped in order.",
    change: (context, name) => stopMachine(context, name),
    done: "stopped",
    already: "stopped",
  });
