import { checkDefinition } from "./schema/check-definition.ts";
import { keyDescriptions } from "./schema/key-descriptions.ts";
import { type Path, refusal, type Source } from "./source/source.ts";
import { type DefinedMatrix, spellOut } from "./spell-out.ts";

/** A matrix of one workload as `matrix run` is given it, each value as it was written. */
export interface MatrixFlags {
  /** Values that commas separate: "5.10,6.1". */
  readonly kernel?: string;
  readonly engine?: string;
  readonly storageDriver?: string;
  readonly cgroup?: string;
  readonly iptables?: string;
  readonly arch?: string;
  readonly memory?: string;
  readonly cpus?: string;
  /** Image archives. */
  readonly load?: readonly string[];
  /** "host" or "guest". */
  readonly where?: string;
  readonly timeout?: string;
  readonly kernelArgument?: readonly string[];
  readonly allowSplat?: readonly string[];
  /** What is after "--". */
  readonly command: readonly string[];
}

/**
 * The matrix that flags describe, with one workload, "command". Relative paths are resolved against
 * `directory`, where the command also runs; whether their files are there is not looked at, see checkFiles.
 * @throws TsmachineError INVALID_INPUT that begins with the flag: "--timeout: …"
 */
export function matrixFromFlags(
  flags: MatrixFlags,
  { directory }: { readonly directory: string },
): DefinedMatrix {
  for (const axis of ["kernel", "engine"] as const) {
    if (flags[axis] !== undefined) continue;
    const hint = `give --${axis} with ${keyDescriptions[axis]}, or several with commas`;
    throw refusal({ text: `--${axis}` }, { what: "the flag is missing", hint });
  }
  if (flags.command.length === 0) {
    throw refusal(
      { text: "the command" },
      { what: "there is none", hint: "give the program and its arguments after `--`" },
    );
  }
  const source: Source = {
    value: definitionOf(flags),
    placeOf: (path) => ({ text: flagOf(path), order: 0 }),
  };
  return spellOut(checkDefinition(source), "matrix", { source, directory });
}

/** The flags as a definition has them. */
function definitionOf(flags: MatrixFlags) {
  const { kernel, engine, cgroup, iptables, arch, memory, cpus } = flags;
  const axes = {
    ...{ kernel, engine, "storage-driver": flags.storageDriver },
    ...{ cgroup, iptables, arch, memory, cpus },
  };
  const workload = {
    ...{ name: "command", run: flags.command, load: flags.load, where: flags.where },
    ...{ timeout: flags.timeout, "kernel-arguments": flags.kernelArgument },
    "allow-splats": flags.allowSplat,
  };
  const values = Object.entries(axes).map(([key, text]) => [key, text?.split(",")]);
  return { ...given(values), workloads: [given(Object.entries(workload))] };
}

/** Without what was not given: flags that may be repeated are then an empty list. */
function given(entries: readonly (readonly unknown[])[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    entries.filter(
      ([, value]) => value !== undefined && (!Array.isArray(value) || value.length > 0),
    ),
  );
}

function flagOf(path: Path): string {
  if (path.length === 0) return "the flags";
  const key = String(path[0] === "workloads" ? path[2] : path[0]);
  if (key === "run") return "the command";
  return `--${key.replace(/^(kernel-argument|allow-splat)s$/, "$1")}`;
}
