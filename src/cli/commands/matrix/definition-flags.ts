import { type Command, Option } from "commander";
import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import { type MatrixFlags, matrixFromFlags } from "../../../matrix/definition/from-flags.ts";
import { checkFiles } from "../../../matrix/definition/needed-file.ts";
import type { DefinedMatrix } from "../../../matrix/definition/spell-out.ts";
import { collect } from "../../flags/flag-value.ts";

/** The flags that describe a matrix without a file, as commander gives them. */
export type DefinitionFlags = Omit<MatrixFlags, "command">;

export function addDefinitionFlags(command: Command): Command {
  return command
    .option("--kernel <LIST>", 'kernels, with commas: "5.10,6.1,6.12-full"')
    .option("--engine <LIST>", 'engines, with commas: "26.1,28.5"; that of `create` unless given')
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

/** Their keys, in the order of the help. */
const keys = [
  ...(["kernel", "engine", "storageDriver", "cgroup", "iptables", "arch", "memory"] as const),
  ...(["cpus", "load", "where", "timeout", "kernelArgument", "allowSplat"] as const),
] satisfies readonly (keyof DefinitionFlags)[];

export interface DefinitionPlace {
  /** What relative paths of flags are relative to. */
  readonly directory: string;
  /** The engine's series when no flag names one. */
  defaultEngine(): Promise<string>;
  /** What the file had when a job was submitted that this is a task of. */
  readonly submittedSha256?: string | undefined;
}

/**
 * The matrix of a file, or that of the flags.
 * @param words the command line's arguments: the file, or the command
 * @throws TsmachineError INVALID_INPUT, FILE_UNREADABLE; those of defaultEngine
 */
export async function readDefinition(
  words: readonly string[],
  flags: DefinitionFlags,
  { directory, defaultEngine, submittedSha256 }: DefinitionPlace,
): Promise<DefinedMatrix> {
  const [path, ...rest] = words;
  const namesAxes = flags.kernel !== undefined || flags.engine !== undefined;
  if (path === undefined || (namesAxes && !isDefinition(words))) {
    const needsEngine = flags.kernel !== undefined && path !== undefined;
    const engine = flags.engine ?? (needsEngine ? await defaultEngine() : undefined);
    const named = { ...flags, ...(engine !== undefined && { engine }) };
    const matrix = matrixFromFlags({ ...named, command: words }, { directory });
    await checkFiles(matrix.files);
    return matrix;
  }
  refuseFlagsBeside(path, flags);
  if (rest.length > 0) {
    throw new TsmachineError("INVALID_INPUT", `${rest[0]} is one argument too many`, {
      hints: ["give one matrix.yaml, or --kernel, --engine and a command after `--`"],
    });
  }
  const { readMatrix } = await import("../../../matrix/definition/read-matrix.ts");
  return readMatrix(path, submittedSha256);
}

/** The same flags as words of a command line, without those that were not given. */
export function wordsOfDefinition(flags: DefinitionFlags): string[] {
  return keys.flatMap((key) => [flags[key] ?? []].flat().map((value) => `${flagOf(key)}=${value}`));
}

/**
 * Refuses a definition where a command is to be, and flags that a definition would make no use of.
 * @throws TsmachineError INVALID_INPUT
 */
export function refuseDefinition(words: readonly string[], flags: DefinitionFlags): void {
  const [path] = words;
  if (path !== undefined && isDefinition(words)) refuseFlagsBeside(path, flags);
}

/** Commander does not say whether there was a "--", but no command is called so. */
function isDefinition(words: readonly string[]): boolean {
  return words.length === 1 && /\.(?:ya?ml|json)$/i.test(words[0] ?? "");
}

function refuseFlagsBeside(path: string, flags: DefinitionFlags): void {
  const key = keys.find((one) => flags[one] !== undefined && flags[one].length > 0);
  if (key === undefined) return;
  const flag = flagOf(key);
  throw new TsmachineError("INVALID_INPUT", `${flag} is given beside the definition ${path}`, {
    hints: [`write it into ${path}, or give --kernel and a command after \`--\` in its place`],
    context: { flag },
  });
}

function flagOf(key: keyof DefinitionFlags): string {
  return `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
