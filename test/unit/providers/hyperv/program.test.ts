import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  envelopeEnd,
  envelopeStart,
  readEnvelope,
} from "../../../../src/providers/hyperv/powershell/envelope.ts";
import { programText } from "../../../../src/providers/hyperv/powershell/program.ts";
import { shellArguments } from "../../../../src/providers/hyperv/powershell/shell.ts";
import { allScripts } from "../../../../src/providers/hyperv/scripts/all.ts";
import { sampleHardware } from "../../../../src/providers/hyperv/scripts/hardware.ts";
import { decodeProgram } from "../../../support/hyperv/decode-program.ts";

/** What quoting breaks on: quotes of every kind, sub-expressions, variables of both shells, line ends. */
const awkward = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc
    .array(
      fc.constantFrom(
        ..."'’‘‚‛\"“”„`$%;|&<>\\\n\r\t\0",
        ...[
          "$(calc)",
          "$" + "{env:PATH}",
          "%USERPROFILE%",
          "'@",
          '"@',
          "#>",
          "ä",
          "日本",
          "🐳",
          " ",
        ],
      ),
      { maxLength: 12 },
    )
    .map((parts) => parts.join("")),
);
const script = { name: "look-at-machine", body: "return @{}" };

describe("the text that PowerShell runs", () => {
  test("carries names and paths of any characters to the script unchanged", () => {
    fc.assert(
      fc.property(awkward, awkward, (name, path) => {
        const request = { name, path };
        expect(decodeProgram(programText(script, request))).toEqual({
          ...{ script: script.name, request },
        });
      }),
    );
  });

  test("is the same for all requests but for one string of base64", () => {
    const constant = (text: string) =>
      programText(script, { name: text }).replace(/'[A-Za-z0-9+/=]*'\)/, "");
    fc.assert(fc.property(awkward, (text) => void expect(constant(text)).toBe(constant(""))));
  });

  test("is ASCII, whatever the request holds", () => {
    fc.assert(
      fc.property(awkward, (text) => {
        expect(programText(script, { text })).toMatch(/^[\x20-\x7e\n]*$/);
      }),
    );
  });

  test("leaves room on the command line for the longest paths of Windows, in every script", () => {
    const longest = (name: string) => `C:\\${"ü".repeat(256 - name.length)}\\${name}`;
    const request = {
      ...sampleHardware,
      diskPath: longest("data.vhdx"),
      bootIso: longest("boot.iso"),
      engineImage: longest("engine.iso"),
      seedImage: longest("seed.iso"),
    };
    for (const one of allScripts) {
      const text = programText(one, one.name.endsWith("-machine") ? request : one.sample);
      expect(shellArguments(text).join(" ").length).toBeLessThan(32_000);
    }
  });

  test("is handed over as base64 of UTF-16LE", () => {
    const encoded = shellArguments("exit 'ä'").at(-1) ?? "";
    expect(Buffer.from(encoded, "base64").toString("utf16le")).toBe("exit 'ä'");
  });
});

describe("the reply", () => {
  const enveloped = (reply: object) => envelopeStart + JSON.stringify(reply) + envelopeEnd;

  test("is found among whatever else PowerShell prints", () => {
    fc.assert(
      fc.property(awkward, awkward, fc.json(), (before, after, json) => {
        const value: unknown = JSON.parse(json);
        const printed = `${before}\r\n${enveloped({ ok: true, value })}\r\n${after}`;
        expect(readEnvelope(printed)).toEqual({ ok: true, value });
      }),
    );
  });

  test("is whole though something in Hyper-V is named like its markers", () => {
    const [, pattern = ""] = /Replace\(\$json, '([^']*)'/.exec(programText(script, {})) ?? [];
    const reply = { ok: true, value: `${envelopeStart} ${envelopeEnd} Zoë` };
    const escaped = JSON.stringify(reply).replace(
      new RegExp(pattern, "g"),
      (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
    );
    expect(escaped).toMatch(/^[\x20-\x7e]*$/);
    expect(readEnvelope(envelopeStart + escaped + envelopeEnd)).toEqual(reply);
  });

  test.each([
    ["nothing", ""],
    ["no end", `${envelopeStart}{"ok":true,"value":1}`],
    ["no JSON", `${envelopeStart}{"ok":tr${envelopeEnd}`],
    ["other JSON", enveloped({ value: 1 })],
    ["an end before the start", `${envelopeEnd}${envelopeStart}`],
  ])("is missing where there is %s", (_, stdout) => {
    expect(readEnvelope(stdout)).toBeUndefined();
  });
});
