import { Command } from "commander";
import { killMachine } from "../../../core/machine/power.ts";
import type { CommandFactory } from "../../cli.ts";
import { changeMachines } from "./change-machines.ts";

export const killCommand: CommandFactory = (cli) =>
  new Command()
    .description("Power machines off at once, as if their plug were pulled.")
    .argument("[names...]", 'the machines; "default" when none is named')
    .action((names: string[]) =>
      changeMachines(cli, names, { change: killMachine, done: "killed", already: "stopped" }),
    );
