import { Command } from "commander";
import type { CommandFactory } from "../../cli.ts";
import { buildCommand } from "./build.ts";
import { lsCommand } from "./ls.ts";

export const isoCommand: CommandFactory = (cli) =>
  new Command()
    .description("Build and list the images that machines boot.")
    .addCommand(buildCommand(cli))
    .addCommand(lsCommand(cli));
