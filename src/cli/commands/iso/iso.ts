import { Command } from "commander";
import type { CommandFactory } from "../../cli.ts";
import { buildCommand } from "./build.ts";
import { inspectCommand } from "./inspect.ts";
import { lsCommand } from "./ls.ts";
import { verifyCommand } from "./verify.ts";

export const isoCommand: CommandFactory = async (cli) =>
  new Command()
    .description("Build, list and check the images that machines boot.")
    .addCommand(await buildCommand(cli))
    .addCommand(await lsCommand(cli))
    .addCommand(await inspectCommand(cli))
    .addCommand(await verifyCommand(cli));
