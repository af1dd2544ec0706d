import { describe, expect, test } from "vitest";
import type { Node } from "web-tree-sitter";
import { programText } from "../../../../src/providers/hyperv/powershell/program.ts";
import { allScripts } from "../../../../src/providers/hyperv/scripts/all.ts";
import { checkScript } from "../../../support/hyperv/check-script.ts";
import type { Cmdlet, Parameter } from "../../../support/hyperv/cmdlets/cmdlet.ts";
import { commonParameters } from "../../../support/hyperv/cmdlets/common-parameters.ts";
import {
  hasPublishedCmdlets,
  readPublishedCmdlets,
  unlessPublished,
} from "../../../support/hyperv/cmdlets/published-cmdlets.ts";
import { cmdletsToStub } from "../../../support/hyperv/stub-module/cmdlets-of-scripts.ts";
import { manifestText, moduleText } from "../../../support/hyperv/stub-module/module-text.ts";
import { stubFunction } from "../../../support/hyperv/stub-module/stub-function.ts";
import { childOf, nodesOf } from "../../../support/hyperv/syntax/nodes.ts";
import { withParsed } from "../../../support/hyperv/syntax/parse.ts";
import { stubFunctions } from "./stub-functions.ts";

const cmdlets = hasPublishedCmdlets ? await readPublishedCmdlets() : new Map<string, Cmdlet>();
const stubbed = await cmdletsToStub(cmdlets);
const stubs = await moduleText(stubbed);

function namesOfFunctions(text: string): Promise<readonly string[]> {
  return withParsed(text, (root) => nodesOf(root, "function_name").map((node) => node.text));
}

interface Declared {
  readonly name: string;
  readonly type: string;
  /** Such as "[Alias('VMName')]", without the type. */
  readonly attributes: readonly string[];
}

/** The parameters of the only function in the text, as PowerShell's grammar reads them. */
function declaredIn(text: string): Promise<readonly Declared[]> {
  return withParsed(text, (root) => nodesOf(root, "script_parameter").map(declaredBy));
}

function declaredBy(node: Node): Declared {
  const attributes = nodesOf(node, "attribute").map(({ text }) => text);
  return {
    name: childOf(node, "variable")?.text.slice(1) ?? "",
    type: attributes.at(-1) ?? "",
    attributes: attributes.slice(0, -1),
  };
}

/** In the words of the publication: "Name: VM! @0 ByValue". */
function writtenMembers({ attributes, name }: Declared): readonly string[] {
  return attributes
    .filter((text) => text.startsWith("[Parameter("))
    .map((text) => {
      const given = new Map(
        [...text.matchAll(/(\w+) = ('(?:[^']|'')*'|\$true|\d+)/g)].map(([, key, value = ""]) => [
          key,
          value.replace(/^'|'$/g, "").replaceAll("''", "'"),
        ]),
      );
      return memberText(given.get("ParameterSetName") ?? "__AllParameterSets", name, {
        isMandatory: given.has("Mandatory"),
        position: given.has("Position") ? Number(given.get("Position")) : undefined,
        byValue: given.has("ValueFromPipeline"),
        byName: given.has("ValueFromPipelineByPropertyName"),
      });
    });
}

function publishedMembers({ name, input }: Parameter, { sets }: Cmdlet): readonly string[] {
  return sets.flatMap(({ name: set, members }) => {
    const member = members.get(name.toLowerCase());
    return member === undefined
      ? []
      : memberText(set, name, {
          ...member,
          byValue: input.includes("ByValue"),
          byName: input.includes("ByPropertyName"),
        });
  });
}

function memberText(
  set: string,
  name: string,
  how: { isMandatory: boolean; position: number | undefined; byValue: boolean; byName: boolean },
): string {
  return [
    `${set}: ${name}${how.isMandatory ? "!" : ""}`,
    ...(how.position === undefined ? [] : [`@${how.position}`]),
    ...(how.byValue ? ["ByValue"] : []),
    ...(how.byName ? ["ByPropertyName"] : []),
  ].join(" ");
}

/** Which SupportsShouldProcess declares. */
const implied = new Set(["Confirm", "WhatIf"]);

describe.skipIf(!hasPublishedCmdlets)(`the module in place of Hyper-V's ${unlessPublished}`, () => {
  test("is PowerShell that uses cmdlets as they are published, as is its manifest", async () => {
    expect(await checkScript(stubs, cmdlets)).toEqual([]);
    expect(await checkScript(manifestText(stubbed), cmdlets)).toEqual([]);
  });

  test("would be seen to have a misspelt parameter in its simulator", async () => {
    const text = stubs.replace("Move-Item -LiteralPath", "Move-Item -LiteralPaht");
    expect(await checkScript(text, cmdlets)).toMatchObject([
      { message: expect.stringContaining("LiteralPaht") },
    ]);
  });

  test("exports a function for each cmdlet of Hyper-V that any script names, and four others", async () => {
    const named = allScripts.flatMap((script) =>
      [...programText(script, script.sample).matchAll(/Hyper-V\\([A-Za-z]+-[A-Za-z]+)/g)].map(
        ([, name = ""]) => name,
      ),
    );
    const others = ["Get-CimInstance", "Get-NetNeighbor", "Get-Service", "Invoke-CimMethod"];
    const wanted = [...new Set([...named, ...others])].sort();
    const [, list = ""] = /FunctionsToExport = @\((.*)\)/.exec(manifestText(stubbed)) ?? [];
    expect(list.split(", ").map((name) => name.slice(1, -1))).toEqual(wanted);
    const functions = await namesOfFunctions(stubs);
    expect(functions.filter((name) => wanted.includes(name))).toEqual(wanted);
  });

  test("has a handler in the simulator for each of them, and none besides", async () => {
    const handlers = (await namesOfFunctions(stubs)).filter((name) => name.startsWith("Simulate-"));
    expect([...handlers].sort()).toEqual(stubbed.map(({ name }) => `Simulate-${name}`).sort());
  });

  test.each(stubbed)("binds the parameters of $name as it is published to", async (cmdlet) => {
    const declared = await declaredIn(stubFunction(cmdlet));
    const published = [...cmdlet.parameters.values()].filter(({ name }) => !implied.has(name));
    expect(declared.map(({ name }) => name)).toEqual(published.map(({ name }) => name));
    expect(declared.flatMap(writtenMembers)).toEqual(
      published.flatMap((parameter) => publishedMembers(parameter, cmdlet)),
    );
    expect(declared.filter(({ type }) => type === "[switch]").map(({ name }) => name)).toEqual(
      published.filter(({ type }) => type === "SwitchParameter").map(({ name }) => name),
    );
    expect(nameTaken(cmdlet)).toBeUndefined();
  });

  test.each(stubFunctions)("writes %s so", (name, text) => {
    const cmdlet = stubbed.find((one) => one.name === name);
    expect(cmdlet && stubFunction(cmdlet)).toBe(text);
  });
});

/** Two parameters of one name or alias, PowerShell's own among them, would make the function unusable. */
function nameTaken({ parameters }: Cmdlet): string | undefined {
  const own = ["vb", "db", "ea", "wa", "infa", "ev", "wv", "iv", "ov", "ob", "pv", "proga"];
  const seen = new Set([...commonParameters.keys(), ...own]);
  for (const { name, aliases } of parameters.values()) {
    for (const one of [name, ...aliases].map((text) => text.toLowerCase())) {
      if (seen.has(one)) return one;
      seen.add(one);
    }
  }
  return undefined;
}
