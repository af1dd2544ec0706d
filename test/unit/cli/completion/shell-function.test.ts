// What `completion SHELL --function` prints, evaluated by real shells around a program that stands in.
import { chmod, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { runProgram } from "../../../../src/cli/program.ts";
import type { Shell } from "../../../../src/cli/shells/dialects.ts";
import { renderEnvironment } from "../../../../src/cli/shells/render-environment.ts";
import { run } from "../../../../src/host/processes/run.ts";
import { isOnPath } from "../../../support/shells/real-shells.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";
import { recordedParts } from "../../../support/worlds/cli-parts.ts";

vi.setConfig({ testTimeout: 30_000 });

interface FunctionShell {
  readonly name: string;
  readonly program: string;
  readonly shell: Shell;
  readonly flags: readonly string[];
  /** A command that prints DOCKER_HOST between angle brackets. */
  readonly show: string;
}

const shells: readonly FunctionShell[] = [
  ...["bash", "zsh"].map((program) => ({
    ...{ name: program, program, shell: "posix" as const },
    flags: program === "zsh" ? ["-f", "-c"] : ["-c"],
    show: 'echo "<$DOCKER_HOST>"',
  })),
  {
    ...{ name: "fish", program: "fish", shell: "fish", flags: ["--no-config", "-c"] },
    show: 'echo "<$DOCKER_HOST>"',
  },
  {
    ...{ name: "powershell", program: "pwsh", shell: "powershell" },
    flags: ["-NoProfile", "-NonInteractive", "-Command"],
    show: '"<$Env:DOCKER_HOST>"',
  },
];

describe.each(shells)("the function use in $program", (real) => {
  describe.skipIf(!isOnPath(real.program))("(skipped where it is not on PATH)", () => {
    test.each(["tsmachine", "docker-machine"] as const)(
      "points the running shell at a machine and takes that back, by %s",
      async (name) => {
        const { show } = real;
        const lines = await linesOf(real, name, [`${name} use dev`, show, `${name} use -u`, show]);
        expect(lines).toEqual(["Active machine: dev", "<tcp://127.0.0.1:2376>", "<>"]);
      },
    );

    test("changes nothing where env fails, whose message and status it hands on", async () => {
      const { show } = real;
      const status = real.program === "fish" ? 'echo "$status"' : 'echo "$?"';
      const isPowershell = real.program === "pwsh";
      const commands = ["tsmachine use nobody", ...(isPowershell ? [] : [status]), show];
      expect(await linesOf(real, "tsmachine", commands)).toEqual([
        "no such machine",
        ...(isPowershell ? [] : ["7"]),
        "<>",
      ]);
    });

    test.each(["ls -q", "use --help", "use --json dev", "ssh dev -- use it"])(
      "leaves `tsmachine %s` to the program",
      async (args) => {
        expect(await linesOf(real, "tsmachine", [`tsmachine ${args}`])).toEqual([`plain: ${args}`]);
      },
    );

    test.each(real.shell === "powershell" ? [] : (["tsmachine", "docker-machine"] as const))(
      "tells the prompt the machine, by %s",
      async (name) => {
        const prompt = `__${name.replace("-", "_")}_ps1`;
        const commands = [prompt, `${name} use dev`, prompt, `${prompt} '<%s>'`];
        const lines = await linesOf(real, name, commands);
        expect(lines).toEqual(["Active machine: dev", " [dev]<dev>"]);
      },
    );
  });
});

/** The lines that the commands print to stdout and stderr, once the function is there. */
async function linesOf(
  { name, program, shell, flags }: FunctionShell,
  programName: "tsmachine" | "docker-machine",
  commands: readonly string[],
): Promise<string[]> {
  const parts = recordedParts({ programName });
  await runProgram(["completion", name, "--function"], parts);
  const script = [parts.printed(), ...commands].join("\n");
  const PATH = [await standIn(programName, shell), process.env.PATH].join(delimiter);
  const environment = { PATH, DOCKER_HOST: undefined, DOCKER_MACHINE_NAME: undefined };
  const { stdout } = await run("sh", ["-c", 'exec "$@" 2>&1', "sh", program, ...flags, script], {
    environment,
  });
  return stdout.split(/\r?\n/).filter(Boolean);
}

/** A folder with a program that answers `env` for the shell, and says of all else what was asked. */
async function standIn(programName: string, shell: Shell): Promise<string> {
  const folder = await temporaryDirectory();
  const commandLine = [programName, "env", "dev"];
  const variables = [
    { name: "DOCKER_HOST", value: "tcp://127.0.0.1:2376" },
    { name: "DOCKER_MACHINE_NAME", value: "dev" },
  ];
  const names = variables.map(({ name }) => name);
  const set = renderEnvironment({ shell, action: "set", variables, commandLine });
  const unset = renderEnvironment({ shell, action: "unset", names, commandLine });
  await writeFile(join(folder, "set"), set);
  await writeFile(join(folder, "unset"), unset);
  const path = join(folder, programName);
  await writeFile(
    path,
    `#!/bin/sh
case "$1 $4" in
  "env dev") exec cat "${folder}/set" ;;
  "env -u") exec cat "${folder}/unset" ;;
  "env nobody") echo "no such machine" >&2; exit 7 ;;
  *) echo "plain: $*" ;;
esac
`,
  );
  await chmod(path, 0o755);
  return folder;
}
