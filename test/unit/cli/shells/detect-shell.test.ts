import { describe, expect, it, test } from "vitest";
import { detectShell, type ShellTraces } from "../../../../src/cli/shells/detect-shell.ts";
import { documentedShellNames, shellNamed } from "../../../../src/cli/shells/shell-names.ts";

const noAncestors = async () => [];

function detect(traces: Partial<ShellTraces>) {
  return detectShell({
    ...{ environment: {}, platform: "linux", ancestorNames: noAncestors },
    ...traces,
  });
}

describe("the detected shell", () => {
  it.each([
    { shell: "/bin/bash", family: "posix" },
    { shell: "/usr/bin/zsh", family: "posix" },
    { shell: "/usr/local/bin/fish", family: "fish" },
    { shell: "/bin/tcsh", family: "tcsh" },
    { shell: "/usr/bin/pwsh", family: "powershell" },
  ])("is what SHELL=$shell names", async ({ shell, family }) => {
    expect(await detect({ environment: { SHELL: shell } })).toBe(family);
  });

  it.each([
    {
      why: "SHELL of Git Bash",
      environment: { SHELL: "C:\\Git\\usr\\bin\\bash.exe" },
      is: "posix",
    },
    { why: "MSYSTEM alone", environment: { MSYSTEM: "MINGW64" }, is: "posix" },
    { why: "fish's own variable", environment: { __fish_bin_dir: "/usr/bin" }, is: "fish" },
    { why: "the parent", ancestorNames: ["powershell.exe", "explorer.exe"], is: "powershell" },
    { why: "PowerShell 7 as the parent", ancestorNames: ["pwsh.exe"], is: "powershell" },
    { why: "the parent's parent", ancestorNames: ["node.exe", "cmd.exe"], is: "cmd" },
    { why: "PROMPT, which cmd sets", environment: { PROMPT: "$P$G" }, is: "cmd" },
    { why: "nothing", is: "powershell" },
  ])("on Windows follows from $why: $is", async ({ environment, ancestorNames, is }) => {
    expect(
      await detect({
        platform: "win32",
        ...(environment && { environment }),
        ...(ancestorNames && { ancestorNames: async () => ancestorNames }),
      }),
    ).toBe(is);
  });

  it("is unknown when SHELL is not set, and the hint names the flag", async () => {
    await expect(detect({})).rejects.toThrow(
      expect.objectContaining({
        code: "SHELL_UNKNOWN",
        message: "unknown shell: the variable SHELL is not set",
        hints: [
          "name the shell with --shell; it is one of bash, zsh, sh, fish, powershell, cmd, tcsh, emacs",
        ],
      }),
    );
  });

  it("is unknown when SHELL names one that is not supported", async () => {
    await expect(detect({ environment: { SHELL: "/usr/bin/nu" } })).rejects.toThrow(
      'unknown shell "nu"',
    );
  });
});

test("no ancestors are asked for where a variable tells", async () => {
  const ancestorNames = () => Promise.reject(new Error("asked"));
  expect(await detect({ environment: { SHELL: "/bin/zsh" }, ancestorNames })).toBe("posix");
  const environment = { MSYSTEM: "UCRT64" };
  expect(await detect({ platform: "win32", environment, ancestorNames })).toBe("posix");
});

describe("a shell's name", () => {
  it.each(documentedShellNames)("%s is understood", (name) => {
    expect(() => shellNamed(name)).not.toThrow();
  });
});
