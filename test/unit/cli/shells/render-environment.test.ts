import { describe, expect, it } from "vitest";
import type { Shell } from "../../../../src/cli/shells/dialects.ts";
import { renderEnvironment } from "../../../../src/cli/shells/render-environment.ts";
import { TsmachineError } from "../../../../src/errors/tsmachine-error.ts";

const variables = [
  { name: "DOCKER_HOST", value: "tcp://127.0.0.1:2376" },
  { name: "DOCKER_MACHINE_NAME", value: "dev" },
];
const names = variables.map(({ name }) => name);
const commandLine = ["tsmachine", "env", "dev"];

const golden: readonly {
  readonly shell: Shell;
  readonly set: readonly string[];
  readonly unset: readonly string[];
  readonly hint: readonly string[];
}[] = [
  {
    shell: "posix",
    set: ['export DOCKER_HOST="tcp://127.0.0.1:2376"', 'export DOCKER_MACHINE_NAME="dev"'],
    unset: ["unset DOCKER_HOST", "unset DOCKER_MACHINE_NAME"],
    hint: ["# Run this command to configure your shell: ", "# eval $(tsmachine env dev)"],
  },
  {
    shell: "fish",
    set: ['set -gx DOCKER_HOST "tcp://127.0.0.1:2376";', 'set -gx DOCKER_MACHINE_NAME "dev";'],
    unset: ["set -e DOCKER_HOST;", "set -e DOCKER_MACHINE_NAME;"],
    hint: ["# Run this command to configure your shell: ", "# eval (tsmachine env dev)"],
  },
  {
    shell: "powershell",
    set: ['$Env:DOCKER_HOST = "tcp://127.0.0.1:2376"', '$Env:DOCKER_MACHINE_NAME = "dev"'],
    unset: ["Remove-Item Env:\\\\DOCKER_HOST", "Remove-Item Env:\\\\DOCKER_MACHINE_NAME"],
    hint: [
      "# Run this command to configure your shell: ",
      "# & tsmachine env dev | Invoke-Expression",
    ],
  },
  {
    shell: "cmd",
    set: ["SET DOCKER_HOST=tcp://127.0.0.1:2376", "SET DOCKER_MACHINE_NAME=dev"],
    unset: ["SET DOCKER_HOST=", "SET DOCKER_MACHINE_NAME="],
    hint: [
      "REM Run this command to configure your shell: ",
      `REM \t@FOR /f "tokens=*" %i IN ('tsmachine env dev') DO @%i`,
    ],
  },
  {
    shell: "tcsh",
    set: ['setenv DOCKER_HOST "tcp://127.0.0.1:2376";', 'setenv DOCKER_MACHINE_NAME "dev";'],
    unset: ["unsetenv DOCKER_HOST;", "unsetenv DOCKER_MACHINE_NAME;"],
    hint: [": Run this command to configure your shell: ", ": eval `tsmachine env dev`"],
  },
  {
    shell: "emacs",
    set: ['(setenv "DOCKER_HOST" "tcp://127.0.0.1:2376")', '(setenv "DOCKER_MACHINE_NAME" "dev")'],
    unset: ['(setenv "DOCKER_HOST" nil)', '(setenv "DOCKER_MACHINE_NAME" nil)'],
    hint: [
      ";; Run this command to configure your shell: ",
      ';; (with-temp-buffer (shell-command "tsmachine env dev" (current-buffer)) (eval-buffer))',
    ],
  },
];

describe("the text of env", () => {
  it.each(golden)("sets variables in $shell as docker-machine does", ({ shell, set, hint }) => {
    const text = renderEnvironment({ shell, action: "set", variables, commandLine });
    expect(text).toBe(`${[...set, ...hint].join("\n")}\n`);
  });

  it.each(golden)("unsets variables in $shell as docker-machine does", ({ shell, unset, hint }) => {
    const text = renderEnvironment({ shell, action: "unset", names, commandLine });
    expect(text).toBe(`${[...unset, ...hint].join("\n")}\n`);
  });

  it.each([
    { shell: "posix", line: '# eval $("C:\\Program Files\\tsmachine.exe" env dev)' },
    {
      shell: "powershell",
      line: '# & "C:\\Program Files\\tsmachine.exe" env dev | Invoke-Expression',
    },
    { shell: "fish", line: '# eval ("C:\\Program Files\\tsmachine.exe" env dev)' },
    {
      shell: "cmd",
      line: `REM \t@FOR /f "tokens=*" %i IN ('"C:\\Program Files\\tsmachine.exe" env dev') DO @%i`,
    },
    {
      shell: "emacs",
      line: ';; (with-temp-buffer (shell-command "\\"C:\\\\Program Files\\\\tsmachine.exe\\" env dev" (current-buffer)) (eval-buffer))',
    },
  ] as const)("quotes a program path with blanks in the hint for $shell", ({ shell, line }) => {
    const text = renderEnvironment({
      shell,
      action: "unset",
      names: [],
      commandLine: ["C:\\Program Files\\tsmachine.exe", "env", "dev"],
    });
    expect(text.split("\n")[1]).toBe(line);
  });

  it.each([
    { shell: "posix", value: "C:\\Users\\me$x", line: 'export K="C:\\Users\\me\\$x"' },
    { shell: "posix", value: "C:\\Users\\me", line: 'export K="C:\\Users\\me"' },
    { shell: "powershell", value: 'a"b$c`d\u201d', line: '$Env:K = "a`"b`$c``d$([char]8221)"' },
    { shell: "cmd", value: 'a & b %PATH% "c"', line: 'SET K=a & b %PATH% "c"' },
    { shell: "tcsh", value: "a!b", line: 'setenv K "a"\\!"b";' },
  ] as const)("escapes only what $shell would change: $line", ({ shell, line, value }) => {
    const text = renderEnvironment({
      shell,
      action: "set",
      variables: [{ name: "K", value }],
      commandLine,
    });
    expect(text.split("\n")[0]).toBe(line);
  });

  it.each(golden)("refuses a value with a line break for $shell", ({ shell }) => {
    const render = () =>
      renderEnvironment({
        shell,
        action: "set",
        variables: [{ name: "DOCKER_CERT_PATH", value: "/a\nrm -rf b" }],
        commandLine,
      });
    expect(render).toThrow(TsmachineError);
    expect(render).toThrow(/DOCKER_CERT_PATH holds a line break/);
  });
});

describe("a shell that rewrites paths", () => {
  const options = { shell: "posix", commandLine, convertsPaths: true } as const;

  it("is told how to keep it from that, in comments", () => {
    const lines = renderEnvironment({ ...options, action: "set", variables }).split("\n");
    expect(lines.slice(-3)).toEqual([
      expect.stringMatching(/^# This shell rewrites paths/),
      "# export MSYS_NO_PATHCONV=1 MSYS2_ARG_CONV_EXCL='*'",
      "",
    ]);
  });

  it("is told nothing when the settings are taken back", () => {
    const printed = renderEnvironment({ ...options, action: "unset", names });
    expect(printed).not.toContain("MSYS");
  });
});

describe("a path with letters outside ASCII", () => {
  const value = "C:\\Users\\Zoë 🐳";
  const rendered = (shell: Shell) =>
    renderEnvironment({
      ...{ shell, commandLine, action: "set" },
      variables: [{ name: "DOCKER_CERT_PATH", value }],
    });

  it("survives a PowerShell that reads programs in another code page", () => {
    const [line] = rendered("powershell").split("\n");
    expect(line).toBe(
      '$Env:DOCKER_CERT_PATH = "C:\\Users\\Zo$([char]235) $([char]55357)$([char]56371)"',
    );
    expect(rendered("powershell")).toMatch(/^[\0-\x7f]*$/);
  });

  it("has cmd's user told of the code page", () => {
    expect(rendered("cmd")).toContain("chcp 65001");
    const ascii = renderEnvironment({ shell: "cmd", commandLine, action: "set", variables });
    expect(ascii).not.toContain("chcp");
  });
});
