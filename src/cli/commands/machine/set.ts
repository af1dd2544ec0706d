import { Command, InvalidArgumentError } from "commander";
import { type SetReport, setMachine } from "../../../core/machine/set.ts";
import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import type { Cli, CommandFactory } from "../../cli.ts";
import { printJson } from "../../output/output.ts";
import { machineName } from "../names.ts";

interface SetFlags {
  readonly memory?: number;
  readonly cpus?: number;
  readonly disk?: number;
  /** False when --no-protect was given; undefined when neither was. */
  readonly protect?: boolean;
  readonly json?: boolean;
}

export const setCommand: CommandFactory = (cli) => {
  const command = new Command()
    .description(
      "Change a machine's sizes, or protect it. Memory and processors count from its next start on; a disk only grows, and does so at once.",
    )
    .argument("[name]", 'the machine; "default" when none is named')
    .option("--memory <MiB>", "memory, 256 or more", numberFrom(256, 2 ** 24))
    .option("--cpus <NUMBER>", "virtual CPUs, 1 to 255", numberFrom(1, 255))
    .option(
      "--disk <MiB>",
      "size of the data disk, not below what it has",
      numberFrom(512, 2 ** 26),
    )
    .option("--protect", "let `rm` refuse to remove the machine, also with -f")
    .option("--no-protect", "let `rm` remove it again")
    .option("--json", "print JSON");
  return command.action((given: string | undefined) => set(cli, given, command.opts<SetFlags>()));
};

function numberFrom(least: number, most: number) {
  return (text: string): number => {
    const number = Number(text);
    if (/^\d{1,9}$/.test(text) && number >= least && number <= most) return number;
    throw new InvalidArgumentError(`It takes a whole number from ${least} to ${most}.`);
  };
}

async function set(cli: Cli, given: string | undefined, flags: SetFlags): Promise<void> {
  const { memory, cpus, disk, protect: isProtected } = flags;
  const sizes = {
    ...(memory !== undefined && { memoryMiB: memory }),
    ...(cpus !== undefined && { cpuCount: cpus }),
    ...(disk !== undefined && { diskSizeMiB: disk }),
  };
  if (Object.keys(sizes).length === 0 && isProtected === undefined) {
    throw new TsmachineError("INVALID_INPUT", "there is nothing to set", {
      hints: ["give one of --memory, --cpus, --disk, --protect and --no-protect"],
    });
  }
  const report = await cli.withContext(async (context) => {
    const name = await machineName(context, given);
    return setMachine(context, name, { sizes, isProtected });
  });
  if (flags.json) printJson(cli.output, report);
  else cli.output.stdout.write(`${sentenceFor(report)}\n`);
}

function sentenceFor({ name, sizes, isProtected, needsRestart }: SetReport): string {
  if (sizes === undefined) return `Machine "${name}" is ${isProtected ? "" : "not "}protected.`;
  const { memoryMiB, cpuCount, diskSizeMiB } = sizes;
  const cpus = `${cpuCount} CPU${cpuCount === 1 ? "" : "s"}`;
  const when = needsRestart ? " from its next start on" : "";
  const protection = isProtected ? " It is protected." : "";
  return `Machine "${name}" has ${memoryMiB} MiB of memory, ${cpus} and a disk of ${diskSizeMiB} MiB${when}.${protection}`;
}
