import { suspendMachine } from "../../../core/machine/suspend.ts";
import type { CommandFactory } from "../../cli.ts";
import { changeCommand } from "./change-command.ts";

export const suspendCommand: CommandFactory = (cli) =>
  changeCommand(cli, {
    description: "Save machines that run to disk; `start` lets them go on where they were.",
    change: suspendMachine,
    done: "suspended",
    already: "suspended",
  });
