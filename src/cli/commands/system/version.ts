import { Command } from "commander";
import { askEngineVersion } from "../../../core/engine/ask-engine.ts";
import { openRunning } from "../../../core/machine/look.ts";
import { engineAddressOf } from "../../../core/machine/open-machine.ts";
import type { CommandFactory } from "../../cli.ts";
import { printJson } from "../../output/output.ts";

const answerTimeoutMs = 30_000;

export const versionCommand: CommandFactory = (cli) => {
  const { output, programName, version } = cli;
  const command = new Command()
    .description("Print the version of tsmachine or, with a name, of that machine's engine.")
    .argument("[name]", "the machine")
    .option("--json", "print JSON");
  return command.action(async (name: string | undefined) => {
    const isJson = command.opts<{ json?: boolean }>().json === true;
    if (name === undefined) {
      if (isJson) printJson(output, { name: programName, version });
      else output.stdout.write(`${programName} version ${version}\n`);
      return;
    }
    const engineVersion = await cli.withContext(
      async (context) => {
        const { record } = await openRunning(context, name);
        const limits = { timeoutMs: answerTimeoutMs, signal: context.signal };
        return askEngineVersion(await engineAddressOf(context, record), limits);
      },
      { progress: "silent" },
    );
    if (isJson) printJson(output, { name, engineVersion });
    else output.stdout.write(`${engineVersion}\n`);
  });
};
