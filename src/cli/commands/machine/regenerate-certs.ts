import { Command } from "commander";
import { renewClientBundle } from "../../../core/machine/identity.ts";
import { regenerateCertificates } from "../../../core/machine/provision/regenerate-certificates.ts";
import type { Cli, CommandFactory } from "../../cli.ts";
import { confirm, questionStream } from "../../prompts.ts";
import { bootLimits } from "../boot-limits.ts";
import { machineNames } from "../names.ts";
import { provisionAll } from "./provision-all.ts";

interface RegenerateFlags {
  readonly force?: boolean;
  readonly clientCerts?: boolean;
  readonly json?: boolean;
}

export const regenerateCertsCommand: CommandFactory = (cli) => {
  const command = new Command()
    .description("Give machines new certificates; their engines are restarted.")
    .argument("[names...]", 'the machines; "default" when none is named')
    .option("-f, --force", "do not ask")
    .option("--client-certs", "renew the certificate of the store's Docker clients too")
    .option("--json", "print JSON");
  return command.action((names: string[]) =>
    regenerate(cli, names, command.opts<RegenerateFlags>()),
  );
};

async function regenerate(
  cli: Cli,
  given: readonly string[],
  { force, clientCerts, json }: RegenerateFlags,
): Promise<void> {
  const { output, programName, signal } = cli;
  const limits = bootLimits(cli.environment);
  // Nobody is asked about machines that are not there.
  const names = await cli.withContext((context) => machineNames(context, given), {
    progress: "silent",
  });
  if (!force) {
    const question = "Regenerate TLS machine certs?  Warning: this is irreversible.";
    const asked = {
      input: cli.openInput(),
      output: questionStream(cli),
      ...{ programName, signal },
      remedy: "answer yes beforehand with `-f`",
    };
    if (!(await confirm(question, asked))) return;
  }
  if (!json) output.stdout.write("Regenerating TLS certificates\n");
  if (clientCerts) await cli.withContext(renewClientBundle, { progress: "silent" });
  await provisionAll(cli, names, {
    isJson: json === true,
    provision: (context, name) => regenerateCertificates(context, name, limits),
    sentences: {
      provisioned: (name) => `Machine "${name}" has new certificates.`,
      stored: (name) =>
        `Machine "${name}" is switched off: it has new certificates at its next start.`,
    },
  });
}
