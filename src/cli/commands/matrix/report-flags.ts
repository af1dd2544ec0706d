import { access, chmod, constants, stat } from "node:fs/promises";
import { dirname } from "node:path";
import type { Command } from "commander";
import { messageOf } from "../../../errors/message-of.ts";
import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import { unlessMissing, writeFileAtomic } from "../../../host/files/files.ts";
import { formatReport } from "../../../matrix/report/read-report.ts";
import type { Report } from "../../../matrix/report/report.ts";
import { templatesFolder } from "../../package.ts";

/** The flags that name files for reports, as commander gives them. */
export interface ReportFlags {
  readonly json?: string;
  readonly junit?: string;
  readonly markdown?: string;
  readonly html?: string;
}

const names = ["json", "junit", "markdown", "html"] as const;

export function addReportFlags(command: Command): Command {
  return command
    .option("--json <FILE>", "write the report as JSON, for `matrix diff` and `matrix merge`")
    .option("--junit <FILE>", "write the report as JUnit's XML")
    .option("--markdown <FILE>", "write the report for a CI's summary")
    .option("--html <FILE>", "write the report as one page that needs nothing else");
}

/**
 * Refuses files that could not be written, before hours are spent on what is to be in them.
 * @throws TsmachineError FILE_UNREADABLE
 */
export async function requireWritable(flags: ReportFlags): Promise<void> {
  for (const name of names) {
    const path = flags[name];
    if (path === undefined) continue;
    try {
      await access(dirname(path), constants.W_OK);
    } catch (cause) {
      throw unwritable(path, name, cause);
    }
    const status = await unlessMissing(stat(path));
    // A device or a pipe would be replaced by a file.
    if (status?.isFile() === false) throw unwritable(path, name);
  }
}

/**
 * Each file appears whole, and with the mode of what it replaces. One that cannot be written keeps none of the others
 * from it.
 * @throws TsmachineError FILE_UNREADABLE with the first of those that could not be written
 */
export async function writeReports(report: Report, flags: ReportFlags): Promise<void> {
  const failures: TsmachineError[] = [];
  for (const name of names) {
    const path = flags[name];
    if (path === undefined) continue;
    try {
      await write(path, await formatAs(name, report));
    } catch (cause) {
      failures.push(unwritable(path, name, cause));
    }
  }
  const [first] = failures;
  if (first !== undefined) throw first;
}

async function write(path: string, text: string): Promise<void> {
  const former = await unlessMissing(stat(path));
  await writeFileAtomic(path, text, { mode: 0o644 });
  // The umask takes away what the file that was there may have had.
  if (former !== undefined) await chmod(path, former.mode & 0o7777);
}

async function formatAs(name: (typeof names)[number], report: Report): Promise<string> {
  switch (name) {
    case "json":
      return formatReport(report);
    case "junit":
      return (await import("../../../matrix/report/junit/junit.ts")).formatJUnit(report);
    case "markdown":
      return (await import("../../../matrix/report/markdown/markdown.ts")).formatMarkdown(report);
    case "html": {
      const { formatPage } = await import("../../../matrix/report/html/page.ts");
      const { readPageTemplate } = await import("../../../matrix/report/html/page-template.ts");
      return formatPage(report, await readPageTemplate(templatesFolder()));
    }
  }
}

function unwritable(path: string, flag: string, cause?: unknown): TsmachineError {
  const why = cause === undefined ? "it is no file" : messageOf(cause);
  return new TsmachineError("FILE_UNREADABLE", `--${flag} ${path} cannot be written: ${why}`, {
    hints: ["give a file in a folder that is there and that you may write to"],
    cause,
  });
}
