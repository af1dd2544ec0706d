import { readFile } from "node:fs/promises";
import { isSystemError } from "../../errors/system-error.ts";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import { parseReport } from "./read-report.ts";
import type { Report } from "./report.ts";

/** @throws TsmachineError FILE_UNREADABLE; those of parseReport */
export async function readReportFile(path: string): Promise<Report> {
  return parseReport(await readText(path), path);
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    if (!isSystemError(cause, "ENOENT", "ENOTDIR", "EISDIR", "EACCES")) throw cause;
    throw new TsmachineError("FILE_UNREADABLE", `report ${path} cannot be read`, {
      hints: ["give a file that `tsmachine matrix run --json` has written"],
      cause,
    });
  }
}
