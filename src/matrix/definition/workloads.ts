import { resolve } from "node:path";
import type { Workload } from "./matrix.ts";
import type { NeededFile } from "./needed-file.ts";
import type { GivenWorkload } from "./schema/workload-schema.ts";
import { type Path, refusal, type Source } from "./source/source.ts";

const defaultTimeoutMs = 10 * 60_000;

export interface Origin {
  readonly source: Source;
  /** What relative paths are relative to, and where commands of the host run. */
  readonly directory: string;
}

/**
 * A workload with its paths resolved; `path` leads to it in the source.
 * @throws TsmachineError INVALID_INPUT at keys that contradict or lack each other
 */
export function workloadOf(
  given: GivenWorkload,
  path: Path,
  { source, directory }: Origin,
): Workload {
  const { name, load = [], copy = [], timeout = defaultTimeoutMs } = given;
  return {
    name,
    load: load.map((file) => resolve(directory, file)),
    copy: copy.map(({ from, to }) => ({ from: resolve(directory, from), to })),
    command: commandOf(given, path, { source, directory }),
    runs: given.where ?? "host",
    directory,
    timeoutMs: timeout,
    kernelArguments: given["kernel-arguments"] ?? [],
    allowedSplats: given["allow-splats"] ?? [],
  };
}

/** The files of this host that a workload needs, each with its place in the source. */
export function filesOf(
  { load = [], copy = [], compose }: GivenWorkload,
  path: Path,
  { source, directory }: Origin,
): NeededFile[] {
  const needed = (file: string, kind: NeededFile["kind"], within: Path): NeededFile => ({
    ...{ path: resolve(directory, file), kind },
    place: source.placeOf([...path, ...within]).text,
  });
  return [
    ...load.map((file, index) => needed(file, "file", ["load", index])),
    ...copy.map(({ from }, index) => needed(from, "file or folder", ["copy", index, "from"])),
    ...(compose === undefined ? [] : [needed(compose, "file", ["compose"])]),
  ];
}

function commandOf(
  { run, where, compose, service }: GivenWorkload,
  path: Path,
  { source, directory }: Origin,
): Workload["command"] {
  const refuse = (key: string, what: string, hint: string) =>
    refusal(source.placeOf([...path, key], "key"), { what, hint });
  if (run !== undefined && compose !== undefined) {
    throw refuse("compose", "there is run, too", "keep one of run and compose");
  }
  if (run !== undefined) {
    if (service !== undefined) {
      throw refuse("service", "there is no compose file", 'remove "service", or use compose');
    }
    return Array.isArray(run) ? run : ["sh", "-c", run.shell];
  }
  if (compose === undefined) {
    throw refusal(source.placeOf(path), {
      what: "there is nothing to run",
      hint: "add run with a list of words, or compose with the path of a compose file",
    });
  }
  if (where === "guest") {
    throw refuse("where", "compose runs on the host", 'remove "where"');
  }
  const ending =
    service === undefined ? ["--abort-on-container-exit"] : ["--exit-code-from", service];
  return ["docker", "compose", "--file", resolve(directory, compose), "up", ...ending];
}
