import { Command } from "commander";
import type { CommandFactory } from "../../cli.ts";
import { buildCommand } from "./build.ts";
import { inspectCommand } from "./inspect.ts";
import { lsCommand } from "./ls.ts";
import { verifyCommand } from "./verify.ts";

export const isoCommand: CommandFactory = (cli) =>
  new Command()
    .description("Build, list and check the images that machines boot.")
    .addCommand(buildCommand(cli))
    .addCommand(lsCommand(cli))
    .addCommand(inspectCommand(cli))
    .addCommand(verifyCommand(cli));
