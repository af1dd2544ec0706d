import { open } from "node:fs/promises";
import { stripVTControlCharacters } from "node:util";
import { isSystemError } from "../errors/system-error.ts";

const minTailBytes = 64 * 1024;
/** Lines of a kernel are shorter on average. */
const bytesPerLine = 160;

/** The last lines of a serial console's log, without control characters; none where there is no log. */
export async function readConsoleTail(path: string, lines: number): Promise<string[]> {
  const text = await readEnd(path, Math.max(minTailBytes, lines * bytesPerLine));
  return printableLines(text).slice(-lines);
}

/** The lines of a terminal's output that have something to read, as they would look in the end. */
export function printableLines(text: string): string[] {
  return stripVTControlCharacters(text)
    .split(/\r*\n/)
    .map((line) => (line.split("\r").at(-1) ?? "").replace(/\p{Cc}/gu, "").trimEnd())
    .filter((line) => line !== "");
}

async function readEnd(path: string, maxBytes: number): Promise<string> {
  try {
    const file = await open(path, "r");
    try {
      const { size } = await file.stat();
      const buffer = Buffer.alloc(Math.min(size, maxBytes));
      const { bytesRead } = await file.read(buffer, 0, buffer.length, size - buffer.length);
      return buffer.toString("utf8", 0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (isSystemError(error, "ENOENT", "ENOTDIR")) return "";
    throw error;
  }
}
