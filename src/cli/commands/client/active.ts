import { Command } from "commander";
import { findActive } from "../../../core/look/find-active.ts";
import type { CommandFactory } from "../../cli.ts";
import { printJson } from "../../output/output.ts";
import { secondsToMs } from "../seconds.ts";

interface ActiveFlags {
  readonly timeout: string;
  readonly json?: boolean;
}

export const activeCommand: CommandFactory = (cli) => {
  const command = new Command()
    .description("Print the machine that DOCKER_HOST points at.")
    .option("-t, --timeout <SECONDS>", "limit for the machine's answer", "10")
    .option("--json", "print JSON");
  return command.action(() => {
    const { timeout, json } = command.opts<ActiveFlags>();
    const timeoutMs = secondsToMs(timeout, "--timeout");
    const { DOCKER_HOST: dockerHost = "" } = cli.environment;
    return cli.withContext(
      async (context) => {
        const { name } = await findActive(context, { dockerHost, timeoutMs });
        if (json) printJson(cli.output, { name, url: dockerHost });
        else cli.output.stdout.write(`${name}\n`);
      },
      { progress: "silent" },
    );
  });
};
