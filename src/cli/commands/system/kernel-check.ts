import { resolve } from "node:path";
import { Command } from "commander";
import {
  type CheckedKernel,
  checkKernel,
  type KernelCheck,
} from "../../../core/offers/check-kernel.ts";
import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import type { Architecture } from "../../../host/architecture.ts";
import type { CheckedRequirement } from "../../../iso/kernel/config/check-config.ts";
import type { Cli, CommandFactory } from "../../cli.ts";
import { printJson } from "../../output/output.ts";
import { printTable } from "../../output/table.ts";
import { addOfferFlags, architectureOf, type OfferFlags } from "./offer-flags.ts";

interface CheckFlags extends OfferFlags {
  readonly config?: string;
  readonly engineVersion?: string;
  readonly json?: boolean;
}

/** The command `kernel check`. */
export const kernelCheckCommand: CommandFactory = (cli) => {
  const command = addOfferFlags(new Command("check"))
    .description(
      "Print what an engine needs of a kernel; the exit status is 1 when a required part is missing.",
    )
    .argument("[kernel]", 'one of `tsmachine kernel ls`: "6.1", "6.12-full", "6.12.107"')
    .option("--config <FILE>", "a kernel of your own: its .config, plain or compressed by gzip")
    .option("--engine-version <VERSION>", 'also what only this engine needs, such as "28.0.0"')
    .option("--json", "print JSON");
  return command.action((kernel: string | undefined) =>
    check(cli, kernel, command.opts<CheckFlags>()),
  );
};

async function check(cli: Cli, kernel: string | undefined, flags: CheckFlags): Promise<void> {
  const { engineVersion } = flags;
  if (engineVersion !== undefined && !/^\d+(\.\d+){0,2}$/.test(engineVersion)) {
    throw new TsmachineError(
      "INVALID_INPUT",
      `"${engineVersion}" is not the version of an engine`,
      {
        hints: ["give --engine-version as in 28.5 or 28.5.2"],
      },
    );
  }
  const report = await cli.withContext((context) => {
    const checked = checkedKernel(kernel, flags, architectureOf(flags, context));
    return checkKernel(context, checked, engineVersion);
  }, flags);
  if (flags.json) printJson(cli.output, report);
  else await printReport(cli, report);
  if (!report.isSufficient) cli.endWith(1);
}

/** @throws TsmachineError INVALID_INPUT */
function checkedKernel(
  choice: string | undefined,
  { config }: CheckFlags,
  architecture: Architecture,
): CheckedKernel {
  if (choice !== undefined && config === undefined) return { kind: "choice", choice, architecture };
  if (choice === undefined && config !== undefined) return { kind: "file", path: resolve(config) };
  throw new TsmachineError("INVALID_INPUT", "it is not said which one kernel to check", {
    hints: ["give either a kernel such as 6.12 or the file of a configuration with --config"],
  });
}

async function printReport(
  { output }: Cli,
  { kernel, requirements, isSufficient }: KernelCheck,
): Promise<void> {
  await printTable(
    output,
    [
      { header: "level", cell: ({ level }) => level },
      { header: "status", cell: ({ status }) => status },
      { header: "option", cell: optionCell },
      { header: "for", cell: ({ group, title }) => `${group}: ${title}` },
      { header: "without it", cell: ({ without }) => without },
    ],
    requirements,
  );
  const missing = (level: CheckedRequirement["level"]) =>
    requirements.filter((one) => one.level === level && one.status === "missing").length;
  const verdict = isSufficient ? "an engine runs on it" : "no engine runs on it";
  output.stdout.write(
    `${kernel}: ${verdict}; missing: ${missing("required")} required, ` +
      `${missing("recommended")} recommended, ${missing("optional")} optional\n`,
  );
}

function optionCell({ option, value, anyOf }: CheckedRequirement): string {
  return option === undefined ? anyOf.join(" or ") : `${option}=${value}`;
}
