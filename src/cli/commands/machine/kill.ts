import { killMachine } from "../../../core/machine/power.ts";
import type { CommandFactory } from "../../cli.ts";
import { changeCommand } from "./change-command.ts";

export const killCommand: CommandFactory = (cli) =>
  changeCommand(cli, {
    description: "Power machines off at once, as if their plug were pulled.",
    change: killMachine,
    done: "killed",
    already: "stopped",
  });
