import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Argument, Command } from "commander";
import type { CommandFactory } from "../../cli.ts";
import { templatesFolder } from "../../package.ts";

const shells = ["bash", "zsh", "fish", "powershell"];

export const completionCommand: CommandFactory = ({ output, programName }) => {
  const command = new Command()
    .description("Print what makes a shell complete command lines, for the shell to evaluate.")
    .addArgument(new Argument("<shell>", "the shell that is to evaluate it").choices(shells))
    .option("--function", "also a function by which `use` points the running shell at a machine");
  return command.action(async (shell: string) => {
    const parts = command.opts<{ function?: boolean }>().function
      ? ["completion", "function"]
      : ["completion"];
    const texts = await Promise.all(
      parts.map((part) => readFile(join(templatesFolder(), "shells", `${part}.${shell}`), "utf8")),
    );
    output.stdout.write(
      texts
        .join("")
        .replaceAll("@PROGRAM@", programName)
        .replaceAll("@PREFIX@", programName.replaceAll("-", "_")),
    );
  });
};
