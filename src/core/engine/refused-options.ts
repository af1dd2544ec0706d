import { TsmachineError } from "../../errors/tsmachine-error.ts";
import { type EngineOptions, noEngineOptions } from "./daemon-configuration.ts";
import { settingOfFlag } from "./dockerd-flags.ts";
import { splitFlag } from "./engine-settings.ts";

/** Whether the engine differs by options from one that nobody set up. */
export function hasOptions(engine: EngineOptions = noEngineOptions): boolean {
  return optionsOf(engine).length > 0;
}

/**
 * The error for an engine that ended with these words: ENGINE_FAILED, with the options that the words
 * name, by name or value, in the message.
 * @param outcome what has become of the machine, for the end of the message
 */
export function engineRefused(
  machine: string,
  { words, engine, outcome = "", cause }: Refusal,
): TsmachineError {
  const named = optionsOf(engine ?? noEngineOptions).filter(({ traces }) =>
    traces.some((trace) => mentions(words, trace)),
  );
  const what = named.map(({ flag }) => flag).join(" and ");
  const problem = what === "" ? "its engine does not start" : `its engine refuses ${what}`;
  return new TsmachineError(
    "ENGINE_FAILED",
    `machine "${machine}": ${problem}: ${words}${outcome}`,
    {
      hints: [
        hasOptions(engine)
          ? `give it other options, as in \`tsmachine provision ${machine} ${remedyFor(named)}\``
          : `read the console's log that \`tsmachine inspect ${machine}\` names`,
      ],
      context: {
        ...(cause instanceof TsmachineError ? cause.context : {}),
        words,
        options: named.map(({ flag }) => flag),
      },
      cause,
    },
  );
}

export interface Refusal {
  /** The last that dockerd said. */
  readonly words: string;
  readonly engine: EngineOptions | undefined;
  readonly outcome?: string;
  readonly cause?: unknown;
}

interface Option {
  /** As on the command line; of a variable only the name, since its value may be a secret. */
  readonly flag: string;
  /** What dockerd would repeat of it. */
  readonly traces: readonly string[];
}

function optionsOf(engine: EngineOptions): Option[] {
  const flags = (flag: string, values: readonly string[]) =>
    values.map((value) => ({ flag: `${flag} ${value}`, traces: [value] }));
  const { storageDriver } = engine;
  return [
    ...engine.arbitraryFlags.map((value) => ({
      flag: `--engine-opt ${value}`,
      traces: tracesOf(value),
    })),
    ...flags("--engine-storage-driver", storageDriver === undefined ? [] : [storageDriver]),
    ...flags("--engine-label", engine.labels),
    ...flags("--engine-registry-mirror", engine.registryMirrors),
    ...flags("--engine-insecure-registry", engine.insecureRegistries),
    ...Object.keys(engine.environment).map((name) => ({
      flag: `--engine-env ${name}`,
      traces: [name],
    })),
  ];
}

function tracesOf(flag: string): string[] {
  const { name, text = "" } = splitFlag(flag);
  const setting = settingOfFlag(name)?.setting ?? name;
  // Numbers and truth values occur by chance.
  const isTelling = text.length > 1 && !/^(true|false|[\d.]+)$/.test(text);
  return [name, setting, ...(isTelling ? [text] : [])];
}

function mentions(words: string, trace: string): boolean {
  const literal = trace.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
  return new RegExp(`(?<!\\w-?)${literal}(?![\\w-])`, "i").test(words);
}

function remedyFor([first]: readonly Option[]): string {
  const [flag = "--engine-opt"] = first?.flag.split(" ") ?? [];
  return flag === "--engine-opt" || flag === "--engine-env"
    ? `${flag} NAME=VALUE`
    : `${flag} VALUE`;
}
