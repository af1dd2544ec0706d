import { stripVTControlCharacters } from "node:util";

/** What XML 1.0, section 2.2, forbids; without surrogate pairs, which /u takes as one character. */
const forbidden =
  /[^\t\n\r\u{20}-\u{7e}\u{85}\u{a0}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;

/**
 * What a program or a console has printed, for pages: without colours and movements of the cursor,
 * with one kind of line end. Characters that no page may have, or can show, become U+FFFD.
 */
export function readableText(printed: string): string {
  return stripVTControlCharacters(printed)
    .replace(/\r+\n/g, "\n")
    .replace(/\r/g, "\n")
    .replace(forbidden, "\u{fffd}");
}

/** The same on one line. */
export function readableLine(printed: string): string {
  return readableText(printed).trim().replace(/\s+/g, " ");
}

/** The last lines of a readable text, without empty ones at its end. */
export function lastLines(text: string, count: number): string[] {
  const trimmed = text.trimEnd();
  return trimmed === "" ? [] : trimmed.split("\n").slice(-count);
}
