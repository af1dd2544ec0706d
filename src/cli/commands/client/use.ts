import { Command } from "commander";
import {
  leaveDockerContext,
  useDockerContext,
} from "../../../core/docker-contexts/docker-contexts.ts";
import { openRunning } from "../../../core/machine/look.ts";
import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import type { Cli, CommandFactory } from "../../cli.ts";
import { printJson } from "../../output/output.ts";
import { machineName } from "../names.ts";

interface UseFlags {
  readonly unset?: boolean;
  readonly json?: boolean;
}

export const useCommand: CommandFactory = (cli) => {
  const command = new Command()
    .description("Make a machine the one that docker's CLI uses, in all shells.")
    .argument("[name]", 'the machine; "default" when none is named')
    .option("-u, --unset", "make docker's CLI use no machine")
    .option("--json", "print JSON");
  return command.action(async (name: string | undefined) => {
    const { unset, json } = command.opts<UseFlags>();
    const used = unset ? await useNone(cli, name) : await use(cli, name);
    if (json) printJson(cli.output, used);
    else if (used.name === null) {
      cli.output.stdout.write(`docker now uses no machine (context ${used.dockerContext}).\n`);
    } else {
      cli.output.stdout.write(
        `docker now uses machine "${used.name}" (context ${used.dockerContext}).\n`,
      );
    }
  });
};

async function use(cli: Cli, given: string | undefined) {
  return cli.withContext(
    async (context) => {
      const name = await machineName(context, given);
      const { record } = await openRunning(context, name);
      const dockerContext = await useDockerContext(context, record);
      for (const variable of shadowing(cli)) context.warn(shadowedBy(variable));
      return { name, dockerContext };
    },
    { progress: "silent" },
  );
}

async function useNone(cli: Cli, name: string | undefined) {
  if (name !== undefined) {
    throw new TsmachineError("ARGUMENTS_EXTRA", "use --unset takes no machine name", {
      hints: ["leave the name out: `tsmachine use -u`"],
    });
  }
  const dockerContext = await cli.withContext(leaveDockerContext, { progress: "silent" });
  return { name: null, dockerContext };
}

/** The variables that docker's CLI heeds more than the current context. */
function shadowing({ environment }: Cli): readonly string[] {
  return ["DOCKER_HOST", "DOCKER_CONTEXT"].filter((name) => Boolean(environment[name]));
}

function shadowedBy(variable: string): string {
  return `the variable ${variable} is set, so docker does not heed the context in this shell; unset it`;
}
