import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Variable } from "../../../../src/cli/shells/docker-variables.ts";
import { renderEnvironment } from "../../../../src/cli/shells/render-environment.ts";
import {
  isOnPath,
  type RealShell,
  realShells,
  variablesAfter,
} from "../../../support/shells/real-shells.ts";

const difficult = [
  "plain",
  "with one blank",
  "dollar $HOME $(id) $",
  "backtick `id` `",
  'double " quote "" and single \' quote',
  'back\\slash \\\\twice \\$HOME \\" end\\',
  "C:\\Users\\me\\.tsmachine",
  "percent %PATH% %i %%",
  "bang ! !! !-1 a!b",
  "patterns a* ?b [a-z] ~ ~root",
  "operators ; & && | || < > >> ( ) # ^ @",
  "naïve — Ünïcode 機械 🐳",
  "-n leading dash",
];
const changedByUnquotedHint = ["two  blanks  ", "a * alone", "\ttab", "{a,b}"];
const numbered = (values: readonly string[]): Variable[] =>
  values.map((value, index) => ({ name: `VALUE_${index}`, value }));

describe.each(realShells)("env evaluated by $program", (real) => {
  describe.skipIf(!isOnPath(real.program))("(skipped where it is not on PATH)", () => {
    let folder: string;
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), "env with blank-"));
      const program = join(folder, "tsmachine");
      await writeFile(program, '#!/bin/sh\nexec cat "$ENV_TEXT"\n');
      await chmod(program, 0o755);
    });
    afterAll(() => rm(folder, { recursive: true }));

    /** Puts the text behind a program called tsmachine and does what its hint says. */
    async function evaluate(text: string, inherited: Readonly<Record<string, string>> = {}) {
      const path = join(folder, "env-text");
      await writeFile(path, text);
      return variablesAfter(real, hintIn(text), {
        environment: {
          ...inherited,
          ENV_TEXT: path,
          PATH: `${folder}${delimiter}${process.env.PATH}`,
        },
        cwd: folder,
      });
    }

    it("keeps difficult values unchanged", async () => {
      const variables = numbered(difficult);
      const seen = await evaluate(render(real, { action: "set", variables }));
      expect(variables.map(({ name }) => seen.get(name))).toEqual(difficult);
    });

    it("unsets what was set", async () => {
      const seen = await evaluate(render(real, { action: "unset", names: ["VALUE_0"] }), {
        VALUE_0: "old",
        VALUE_1: "kept",
      });
      expect(seen.has("VALUE_0")).toBe(false);
      expect(seen.get("VALUE_1")).toBe("kept");
    });

    it("runs a program whose path holds blanks when the hint names it", async () => {
      const text = renderEnvironment({
        shell: real.shell,
        action: "set",
        variables: numbered(["works"]),
        commandLine: [join(folder, "tsmachine"), "env", "two words"],
      });
      expect((await evaluate(text)).get("VALUE_0")).toBe("works");
    });
  });
});

describe.skipIf(!isOnPath("sh"))('eval "$(tsmachine env)" in sh', () => {
  const sh: RealShell = {
    program: "sh",
    shell: "posix",
    argumentsFor: (script) => ["-c", script],
    thenPrintVariables: () => 'eval "$ENV_TEXT"\nenv -0',
  };

  it("keeps even what the unquoted hint would change", async () => {
    const variables = numbered(changedByUnquotedHint);
    const text = render(sh, { action: "set", variables });
    const seen = await variablesAfter(sh, "", { environment: { ENV_TEXT: text } });
    expect(variables.map(({ name }) => seen.get(name))).toEqual(changedByUnquotedHint);
  });

  it("keeps every value that has no line break", async () => {
    const value = fc.string({ unit: "grapheme" }).filter((text) => !/[\0\n\r]/.test(text));
    await fc.assert(
      fc.asyncProperty(fc.array(value, { maxLength: 20 }), async (values) => {
        const variables = numbered(values);
        const text = render(sh, { action: "set", variables });
        const seen = await variablesAfter(sh, "", { environment: { ENV_TEXT: text } });
        expect(variables.map(({ name }) => seen.get(name))).toEqual(values);
      }),
      { numRuns: 25 },
    );
  });
});

function render(
  { shell }: RealShell,
  change:
    | { readonly action: "set"; readonly variables: readonly Variable[] }
    | { readonly action: "unset"; readonly names: readonly string[] },
): string {
  return renderEnvironment({ shell, ...change, commandLine: ["tsmachine", "env", "dev"] });
}

/** The command in the last line, without its comment sign. */
function hintIn(text: string): string {
  return (text.trimEnd().split("\n").at(-1) ?? "").replace(/^\S+ /, "");
}
