import type { Fault } from "../fault.ts";

/** Quotes and dashes that PowerShell reads as those of ASCII, so that a string may end at one. */
const typographic = /[\u2013-\u2015\u2018-\u201f]/g;

export function typographicCharacters(text: string): readonly Fault[] {
  return text.split("\n").flatMap((line, index) =>
    [...line.matchAll(typographic)].map((found) => ({
      line: index + 1,
      column: found.index + 1,
      message: `PowerShell reads "${found[0]}" as a quote or a dash: write that of ASCII`,
    })),
  );
}
