import { Command } from "commander";
import { stopMachine } from "../../../core/machine/power.ts";
import type { CommandFactory } from "../../cli.ts";
import { changeMachines } from "./change-machines.ts";

export const stopCommand: CommandFactory = (cli) =>
  new Command()
    .description("Shut machines down; their containers are stopped in order.")
    .argument("[names...]", 'the machines; "default" when none is named')
    .action((names: string[]) =>
      changeMachines(cli, names, { change: stopMachine, done: "stopped", already: "stopped" }),
    );
