import { Command } from "commander";
import { diagnose } from "../../../core/doctor/diagnose.ts";
import type { Finding } from "../../../core/doctor/finding.ts";
import type { CommandFactory } from "../../cli.ts";
import { printJson } from "../../output/output.ts";
import { printTable } from "../../output/table.ts";

export const doctorCommand: CommandFactory = (cli) => {
  const { output, platform, environment } = cli;
  const command = new Command()
    .description(
      "Check this host; the exit status is 1 when something keeps machines from working.",
    )
    .option("--json", "print JSON");
  return command.action(async () => {
    const findings = await cli.withContext(
      (context) => diagnose(context, { nodeVersion: process.version, platform, environment }),
      { progress: "silent" },
    );
    if (command.opts<{ json?: boolean }>().json) printJson(output, findings);
    else await printFindings(cli, findings);
    if (findings.some(({ verdict }) => verdict === "problem")) cli.endWith(1);
  });
};

async function printFindings(
  { output }: Parameters<CommandFactory>[0],
  findings: readonly Finding[],
): Promise<void> {
  await printTable(
    output,
    [
      { header: "check", cell: ({ check }) => check },
      { header: "verdict", cell: ({ verdict }) => verdict },
      { header: "found", cell: ({ found }) => found },
      { header: "needed", cell: ({ needed }) => needed },
    ],
    findings,
  );
  for (const { check, remedy } of findings) {
    if (remedy !== undefined) output.stdout.write(`${check}: ${remedy}\n`);
  }
}
