import { type Command, Option } from "commander";
import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import { matrixFromFlags } from "../../../matrix/definition/from-flags.ts";
import { checkFiles } from "../../../matrix/definition/needed-file.ts";
import type { DefinedMatrix } from "../../../matrix/definition/spell-out.ts";
import { collect } from "../../flags/flag-value.ts";

/** The flags that describe a matrix without a file, as commander gives them. */
export interface DefinitionFlags {
  readonly kernel?: string;
  readonly engine?: string;
  readonly storageDriver?: string;
  readonly cgroup?: string;
  readonly iptables?: string;
  readonly arch?: string;
  readonly memory?: string;
  readonly cpus?: string;
  readonly load: readonly string[];
  readonly where?: string;
  readonly timeout?: string;
  readonly kernelArgument: readonly string[];
  readonly allowSplat: readonly string[];
}

export function addDefinitionFlags(command: Command): Command {
  return command
    .option("--kernel <LIST>", 'kernels, with commas: "5.10,6.1,6.12-full"')
    .option("--engine <LIST>", 'engines, with commas: "26.1,28.5"')
    .option("--storage-driver <LIST>", "storage drivers, with commas")
    .option("--cgroup <LIST>", "versions of control groups, with commas: v1, v2")
    .option("--iptables <LIST>", "what the engine writes its rules with, with commas: nft, legacy")
    .option("--arch <LIST>", "processors, with commas: amd64, arm64")
    .option("--memory <LIST>", "memory of the machines in MiB, with commas")
    .option("--cpus <LIST>", "virtual CPUs of the machines, with commas")
    .option("--load <FILE>", "image archive to load before; repeatable", collect, [])
    .addOption(
      new Option(
        "--where <PLACE>",
        "where the command runs: here, or as root in the machine",
      ).choices(["host", "guest"]),
    )
    .option("--timeout <DURATION>", 'how long the command may take: "90s", "5m"')
    .option(
      "--kernel-argument <WORD>",
      "word of the kernel's command line; repeatable",
      collect,
      [],
    )
    .option(
      "--allow-splat <REGEX>",
      "complaint of the kernel that is none; repeatable",
      collect,
      [],
    );
}

/**
 * The matrix of a file, or that of the flags.
 * @param words the command line's arguments: the file, or the command
 * @throws TsmachineError INVALID_INPUT, FILE_UNREADABLE
 */
export async function readDefinition(
  words: readonly string[],
  flags: DefinitionFlags,
  directory: string,
): Promise<DefinedMatrix> {
  const [path, ...rest] = words;
  const isFile = flags.kernel === undefined && flags.engine === undefined && path !== undefined;
  if (!isFile) {
    const matrix = matrixFromFlags({ ...flags, command: words }, { directory });
    await checkFiles(matrix.files);
    return matrix;
  }
  if (rest.length > 0) {
    throw new TsmachineError("INVALID_INPUT", `${rest[0]} is one argument too many`, {
      hints: ["give one matrix.yaml, or --kernel, --engine and a command after `--`"],
    });
  }
  const { readMatrix } = await import("../../../matrix/definition/read-matrix.ts");
  return readMatrix(path);
}
