/**
 * Values between double quotes, so that the shell gives back exactly what went in.
 * Values without special characters look the same in every shell but cmd, which has no quotes.
 */

/**
 * POSIX shells: inside double quotes only $ ` " and, before one of these or itself, \ are special
 * (POSIX.1-2024, Shell Command Language, 2.2.3). Other backslashes stay single, as in C:\Users.
 */
export function quoteForPosix(value: string): string {
  return `"${value.replace(/[$`"]|\\(?=[$`"\\]|$)/g, "\\$&")}"`;
}

/** fish: as POSIX, but a backtick is an ordinary character and must not be escaped. */
export function quoteForFish(value: string): string {
  return `"${value.replace(/[$"]|\\(?=[$"\\]|$)/g, "\\$&")}"`;
}

/**
 * PowerShell: the backtick escapes, and typographic double quotes also end a string. Windows PowerShell reads
 * what a program prints in the console's code page: outside ASCII, UTF-16 units are given by their numbers.
 */
export function quoteForPowershell(value: string): string {
  return `"${value.replace(/[`$"]/g, "`$&").replace(/[^\0-\x7f]/g, charOf)}"`;
}

function charOf(unit: string): string {
  return `$([char]${unit.charCodeAt(0)})`;
}

/**
 * tcsh: double quotes cannot hold an escaped $ or `, and history expansion reaches into them, so
 * special characters stand outside, between two quoted parts, each behind a backslash. Braces
 * are beyond help: eval `…` expands them before any quoting is looked at.
 */
export function quoteForTcsh(value: string): string {
  return `"${value.replace(/[$`"\\!~]/g, '"\\$&"')}"`;
}

/** Emacs Lisp string syntax. */
export function quoteForEmacs(value: string): string {
  return `"${value.replace(/["\\]/g, "\\$&")}"`;
}

/** A program name or argument for cmd. Values of SET lines need no quotes: see dialects.ts. */
export function quoteForCmd(value: string): string {
  return `"${value.replaceAll('"', '""')}"`;
}
