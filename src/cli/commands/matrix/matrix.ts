import { Command } from "commander";
import type { CommandFactory } from "../../cli.ts";
import { bisectCommand } from "./bisect.ts";
import { diffCommand } from "./diff.ts";
import { mergeCommand } from "./merge.ts";
import { planCommand } from "./plan.ts";
import { runCommand } from "./run.ts";
import { schemaCommand } from "./schema.ts";
import { shellCommand } from "./shell.ts";

export const matrixCommand: CommandFactory = async (cli) =>
  new Command()
    // What comes after a cell is for the shell.
    .enablePositionalOptions()
    .description("Run one workload on many kernels and engines, and tell where it works.")
    .addCommand(await runCommand(cli))
    .addCommand(await shellCommand(cli))
    .addCommand(await bisectCommand(cli))
    .addCommand(await planCommand(cli))
    .addCommand(await diffCommand(cli))
    .addCommand(await mergeCommand(cli))
    .addCommand(await schemaCommand(cli));
