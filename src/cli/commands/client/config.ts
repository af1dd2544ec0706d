import { join } from "node:path";
import { Command } from "commander";
import type { CommandFactory } from "../../cli.ts";
import { printJson } from "../../output/output.ts";
import { readRunningMachine } from "./running-machine.ts";

export const configCommand: CommandFactory = (cli) => {
  const command = new Command()
    .description("Print the flags that connect a docker client to a machine.")
    .argument("[name]", 'the machine; "default" when none is named')
    .option("--swarm", "connect to the classic Swarm that the machine is master of")
    .option("--json", "print JSON");
  return command.action(async (given: string | undefined) => {
    const { swarm, json } = command.opts<{ swarm?: boolean; json?: boolean }>();
    const failure = "Error running connection boilerplate";
    const { url, certPath, record } = await readRunningMachine(cli, given, {
      ...{ asked: "engine", failure, swarm },
    });
    const file = (fileName: string) => join(certPath, fileName);
    if (json) {
      const files = { ca: file("ca.pem"), certificate: file("cert.pem"), key: file("key.pem") };
      printJson(cli.output, { name: record.name, url, ...files });
      return;
    }
    const lines = [
      "--tlsverify",
      `--tlscacert=${JSON.stringify(file("ca.pem"))}`,
      `--tlscert=${JSON.stringify(file("cert.pem"))}`,
      `--tlskey=${JSON.stringify(file("key.pem"))}`,
      `-H=${url}`,
    ];
    cli.output.stdout.write(`${lines.join("\n")}\n`);
  });
};
