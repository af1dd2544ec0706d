import { describe, expect, test } from "vitest";
import { type RefusedTexts, refusalOf, testRefusals, whole } from "./refusal-of.ts";

const broken: RefusedTexts = {
  "a key twice": [`${whole}kernel: 6.2`, "4:1: the key is there twice", /^keep one/],
  "a tab": ["workloads:\n\t- a", "2:1: a line is indented by a tab", /spaces/],
  "a tag": [
    `${whole}cpus: !!int 2`,
    "4:7: tags such as !!int have no meaning here",
    /^remove the tag/,
  ],
  "no YAML": [
    "kernel: [6.1",
    "1:13: this is no YAML: flow sequence in block collection must be sufficiently indented and end with a ]",
    /quotes/,
  ],
  "two documents": [`${whole}---\n${whole}`, "4:1: a second document begins", /"---"/],
  "a list as a key": ["? [a]\n: b", "1:3: the key is no plain text", /one word/],
  "an alias of nothing": [
    "kernel: *k",
    '1:9: there is no anchor for the alias "*k" before it',
    /"&k"/,
  ],
};

describe("what is no plain YAML is refused at its line and column", () => testRefusals(broken));

test.each([
  ["brackets", "[".repeat(100_000)],
  ["entries", "- ".repeat(100_000)],
  ["braces", "{a: ".repeat(5000)],
  ["an anchor around its alias", "kernel: &a [*a]"],
])("nesting without end is refused: %s", async (_, text) => {
  expect((await refusalOf(text)).message).toMatch(/:1:\d+: values are nested too deeply$/);
});

test("a byte order mark and lines that end as on Windows are no part of the text", async () => {
  const text = `\uFEFF${whole}`.replaceAll("\n", "\r\n");
  expect((await refusalOf(`${text}cpus: 0`)).message).toMatch(/^matrix\.yaml:4:7: cpus/);
});

test("aliases of aliases do not grow without bound", async () => {
  const levels = Array.from({ length: 20 }, (_, index) => {
    return `k${index + 1}: &a${index + 1} [${`*a${index}, `.repeat(9)}]`;
  });
  const { message } = await refusalOf(`k0: &a0 x\n${levels.join("\n")}`);
  expect(message).toMatch(/there are more than 20000 values/);
});
