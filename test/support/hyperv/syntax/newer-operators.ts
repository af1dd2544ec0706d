import type { Fault } from "../fault.ts";

/** Operators of PowerShell 7, as they stand in code without strings and comments. */
const newer: readonly (readonly [operator: string, pattern: RegExp])[] = [
  ["&&", /&&/],
  ["||", /\|\|/],
  ["??=", /\?\?=/],
  ["??", /\?\?(?!=)/],
  // `$?` is a variable of its own, and 5.1 takes `$x?` for one.
  ["?.", /(?<=[\w)\]}])\?\./],
  ["?[", /(?<=[\w)\]}])\?\[/],
  // After a bar, it is an alias.
  ["? :", /(?<=[\w)\]}"'][ \t]+)\?(?=\s)/],
];

/** What Windows PowerShell 5.1 cannot parse though newer ones do. */
export function newerOperators(code: string): readonly Fault[] {
  return code.split("\n").flatMap((text, index) =>
    newer.flatMap(([operator, pattern]) =>
      [...text.matchAll(new RegExp(pattern, "g"))].map((found) => ({
        line: index + 1,
        column: found.index + 1,
        message: `"${operator}" is not in Windows PowerShell 5.1`,
      })),
    ),
  );
}
