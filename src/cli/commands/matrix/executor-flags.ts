import { type Command, Option } from "commander";
import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import { refuseOwnOptions } from "../../../matrix/slurm/own-options.ts";
import { collect } from "../../flags/flag-value.ts";
import { parseCount } from "./parse-count.ts";

/** The flags that say where the cells of a run are tried, as commander gives them. */
export interface ExecutorFlags {
  readonly executor: "local" | "slurm";
  readonly tasks?: number;
  readonly slurmOption: readonly string[];
  readonly slurmDirectory?: string;
  /** In tasks alone. */
  readonly definitionSha256?: string;
}

export function addExecutorFlags(command: Command): Command {
  return command
    .addOption(
      new Option("--executor <WHERE>", "try the cells on this host, or as tasks of a Slurm job")
        .choices(["local", "slurm"])
        .default("local"),
    )
    .option(
      "--tasks <NUMBER>",
      "tasks of the Slurm job; one for each kernel unless given",
      (text) => parseCount(text, "--tasks"),
    )
    .option("--slurm-option <WORD>", "further word for sbatch; repeatable", collect, [])
    .option(
      "--slurm-directory <FOLDER>",
      "folder that all nodes see, for the job's files; the current one unless given",
    )
    .addOption(
      new Option(
        "--definition-sha256 <HASH>",
        "refuse another definition than this one, which the job was submitted with",
      ).hideHelp(),
    );
}

interface OtherFlags {
  readonly shard?: string;
  readonly keepFailed?: boolean;
}

/**
 * Refuses flags that the executor makes no use of, and words for sbatch that it gives itself.
 * @throws TsmachineError INVALID_INPUT
 */
export function refuseUnfitting(flags: ExecutorFlags & OtherFlags): void {
  const { executor, tasks, slurmOption, slurmDirectory, shard, keepFailed } = flags;
  const forSlurm = [
    ["--tasks", tasks !== undefined],
    ["--slurm-option", slurmOption.length > 0],
    ["--slurm-directory", slurmDirectory !== undefined],
  ] as const;
  const forOneHost = [
    [
      "--shard",
      shard !== undefined,
      "give --tasks in its place: each task has a part of the cells",
    ],
    ["--keep-failed", keepFailed === true, "leave it out: Slurm ends what a task leaves running"],
  ] as const;
  if (executor === "local") {
    const [flag] = forSlurm.find(([, isGiven]) => isGiven) ?? [];
    if (flag === undefined) return;
    throw new TsmachineError("INVALID_INPUT", `${flag} is given without --executor slurm`, {
      hints: [`give --executor slurm, too, or leave ${flag} out`],
      context: { flag },
    });
  }
  refuseOwnOptions(slurmOption);
  const [flag, , hint] = forOneHost.find(([, isGiven]) => isGiven) ?? [];
  if (flag === undefined || hint === undefined) return;
  throw new TsmachineError("INVALID_INPUT", `${flag} does not go with --executor slurm`, {
    hints: [hint],
    context: { flag },
  });
}
