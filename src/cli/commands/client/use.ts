import { Command } from "commander";
import { useDockerContext } from "../../../core/docker-contexts/docker-contexts.ts";
import { openRunning } from "../../../core/machine/look.ts";
import type { Cli, CommandFactory } from "../../cli.ts";
import { printJson } from "../../output/output.ts";
import { defaultName } from "../names.ts";

export const useCommand: CommandFactory = (cli) => {
  const command = new Command()
    .description("Make a machine the one that docker's CLI uses, in all shells.")
    .argument("[name]", "the machine", defaultName)
    .option("--json", "print JSON");
  return command.action(async (name: string) => {
    const dockerContext = await cli.withContext(
      async (context) => {
        const { record } = await openRunning(context, name);
        const used = await useDockerContext(context, record);
        for (const variable of shadowing(cli)) context.warn(shadowedBy(variable));
        return used;
      },
      { progress: "silent" },
    );
    if (command.opts<{ json?: boolean }>().json) printJson(cli.output, { name, dockerContext });
    else cli.output.stdout.write(`docker now uses machine "${name}" (context ${dockerContext}).\n`);
  });
};

/** The variables that docker's CLI heeds more than the current context. */
function shadowing({ environment }: Cli): readonly string[] {
  return ["DOCKER_HOST", "DOCKER_CONTEXT"].filter((name) => Boolean(environment[name]));
}

function shadowedBy(variable: string): string {
  return `the variable ${variable} is set, so docker does not heed the context in this shell; unset it`;
}
