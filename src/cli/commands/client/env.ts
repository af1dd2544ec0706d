import { Command } from "commander";
import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import { ancestorNames } from "../../../host/processes/ancestors.ts";
import type { Cli, CommandFactory } from "../../cli.ts";
import { printJson } from "../../output/output.ts";
import { detectShell } from "../../shells/detect-shell.ts";
import { dockerVariableNames, dockerVariables } from "../../shells/docker-variables.ts";
import { renderEnvironment } from "../../shells/render-environment.ts";
import { shellNamed } from "../../shells/shell-names.ts";
import { readRunningMachine } from "./running-machine.ts";

interface EnvFlags {
  readonly shell?: string;
  readonly unset?: boolean;
  /** False when --no-proxy was given. */
  readonly proxy: boolean;
  readonly swarm?: boolean;
  readonly json?: boolean;
}

export const envCommand: CommandFactory = (cli) => {
  const command = new Command()
    .description("Print the commands that point a docker client at a machine.")
    .argument("[name]", "the machine")
    .option(
      "--shell <SHELL>",
      "bash, zsh, sh, fish, powershell, cmd, tcsh or emacs; found out unless given",
    )
    .option("-u, --unset", "print the commands that take the settings back")
    .option("--no-proxy", "also exempt the machine's address from the proxy")
    .option("--swarm", "point at the classic Swarm that the machine is master of")
    .option("--json", "print the variables as JSON, null for those to unset");
  return command.action((name: string | undefined) =>
    printEnv(cli, name, command.opts<EnvFlags>()),
  );
};

async function printEnv(cli: Cli, name: string | undefined, flags: EnvFlags): Promise<void> {
  const { output, platform, environment } = cli;
  const shell = async () =>
    flags.shell === undefined
      ? detectShell({ environment, platform, ancestorNames: () => ancestorNames(cli) })
      : shellNamed(flags.shell);
  if (flags.unset) {
    if (name !== undefined) throw nameWithUnset();
    const names = dockerVariableNames({
      platform,
      ...(!flags.proxy && { noProxyIn: environment }),
    });
    if (flags.json) {
      printJson(output, Object.fromEntries(names.map((variable) => [variable, null])));
      return;
    }
    const commandLine = [cli.programName, "env", ...givenFlags(flags), "-u"];
    output.stdout.write(
      renderEnvironment({ shell: await shell(), action: "unset", names, commandLine }),
    );
    return;
  }
  const { url, address, certPath, record } = await readRunningMachine(cli, name, {
    ...{ asked: "engine", failure: "Error checking TLS connection", swarm: flags.swarm },
  });
  const variables = dockerVariables({
    ...{ machineName: record.name, endpointUrl: url, certPath, platform },
    ...(!flags.proxy && { noProxy: { environment, address } }),
  });
  if (flags.json) {
    printJson(
      output,
      Object.fromEntries(variables.map((variable) => [variable.name, variable.value])),
    );
    return;
  }
  const commandLine = [cli.programName, "env", ...givenFlags(flags), record.name];
  const convertsPaths = platform === "win32" && Boolean(environment.MSYSTEM);
  output.stdout.write(
    renderEnvironment({
      ...{ shell: await shell(), action: "set", variables, commandLine, convertsPaths },
    }),
  );
}

/** So that the command in the hint does the same as the one that was given. */
function givenFlags({ shell, proxy, swarm }: EnvFlags): string[] {
  return [
    ...(swarm ? ["--swarm"] : []),
    ...(shell === undefined ? [] : ["--shell", shell]),
    ...(proxy ? [] : ["--no-proxy"]),
  ];
}

function nameWithUnset(): TsmachineError {
  return new TsmachineError(
    "ARGUMENTS_EXTRA",
    "Expected no machine name when the -u flag is present",
    { hints: ["leave the name out: `tsmachine env -u`"] },
  );
}
