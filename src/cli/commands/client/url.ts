import { Command } from "commander";
import type { CommandFactory } from "../../cli.ts";
import { printJson } from "../../output/output.ts";
import { readRunningMachine } from "./running-machine.ts";

export const urlCommand: CommandFactory = (cli) => {
  const command = new Command()
    .description("Print the URL of a machine's engine, as DOCKER_HOST takes it.")
    .argument("[name]", 'the machine; "default" when none is named')
    .option("--json", "print JSON");
  return command.action(async (given: string | undefined) => {
    const { url, record } = await readRunningMachine(cli, given, { asked: "provider" });
    if (command.opts<{ json?: boolean }>().json) printJson(cli.output, { name: record.name, url });
    else cli.output.stdout.write(`${url}\n`);
  });
};
