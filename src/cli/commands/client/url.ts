import { Command } from "commander";
import type { CommandFactory } from "../../cli.ts";
import { printJson } from "../../output/output.ts";
import { defaultName } from "../names.ts";
import { readRunningMachine } from "./running-machine.ts";

export const urlCommand: CommandFactory = (cli) => {
  const command = new Command()
    .description("Print the URL of a machine's engine, as DOCKER_HOST takes it.")
    .argument("[name]", "the machine", defaultName)
    .option("--json", "print JSON");
  return command.action(async (name: string) => {
    const { url } = await readRunningMachine(cli, name);
    if (command.opts<{ json?: boolean }>().json) printJson(cli.output, { name, url });
    else cli.output.stdout.write(`${url}\n`);
  });
};
