import { Option } from "commander";
import {
  defaultInstallUrl,
  defaultStorageDriver,
  type EngineOptions,
} from "../../../core/engine/daemon-configuration.ts";
import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import { collect } from "../../flags/flag-value.ts";

/** The flags of docker-machine that set up the engine, as commander gives them. */
export interface EngineFlags {
  readonly engineLabel: readonly string[];
  readonly engineRegistryMirror: readonly string[];
  readonly engineInsecureRegistry: readonly string[];
  readonly engineOpt: readonly string[];
  readonly engineEnv: readonly string[];
  readonly engineStorageDriver?: string;
}

export interface EngineCreateFlags extends EngineFlags {
  readonly engineInstallUrl?: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** docker-machine's variables for two of the flags. */
const mirrorVariable = "ENGINE_REGISTRY_MIRROR";
const installUrlVariable = "MACHINE_DOCKER_INSTALL_URL";

export function engineOptions(): Option[] {
  return [
    repeatable("--engine-label <KEY=VALUE>", "label of the engine; repeatable"),
    repeatable(
      "--engine-registry-mirror <URL>",
      "registry mirror to pull through; repeatable (create: also ENGINE_REGISTRY_MIRROR)",
    ),
    repeatable("--engine-insecure-registry <HOST>", "registry without TLS; repeatable"),
    repeatable("--engine-opt <KEY=VALUE>", "flag of dockerd or setting of daemon.json; repeatable"),
    repeatable("--engine-env <NAME=VALUE>", "variable for the engine; repeatable"),
    new Option("--engine-storage-driver <NAME>", "storage driver of the engine"),
  ];
}

/** Those that only `create` has. */
export function engineCreateOptions(): Option[] {
  return [
    ...engineOptions(),
    new Option(
      "--engine-install-url <URL>",
      `where providers that install an engine get it (env: ${installUrlVariable})`,
    ),
  ];
}

/** @throws TsmachineError INVALID_INPUT */
export function parseEngineFlags(
  flags: EngineCreateFlags,
  environment: Environment,
): EngineOptions {
  const mirrors = environment[mirrorVariable]?.split(",").filter(Boolean) ?? [];
  const { engineStorageDriver: storageDriver } = flags;
  const installUrl = flags.engineInstallUrl ?? environment[installUrlVariable];
  const isOwnUrl = installUrl && installUrl.replace(/\/$/, "") !== defaultInstallUrl;
  return {
    labels: [...flags.engineLabel],
    registryMirrors:
      flags.engineRegistryMirror.length > 0 ? [...flags.engineRegistryMirror] : mirrors,
    insecureRegistries: [...flags.engineInsecureRegistry],
    arbitraryFlags: [...flags.engineOpt],
    environment: Object.fromEntries(flags.engineEnv.map(parseAssignment)),
    ...(storageDriver && { storageDriver }),
    ...(isOwnUrl && { installUrl }),
  };
}

/**
 * The options that were given, and no others. An empty value stands for none: `--engine-label ""`
 * takes all labels away.
 * @throws TsmachineError INVALID_INPUT
 */
export function parseEngineChanges(flags: EngineFlags): Partial<EngineOptions> {
  const { engineLabel, engineRegistryMirror, engineInsecureRegistry, engineOpt } = flags;
  const { engineEnv, engineStorageDriver } = flags;
  return {
    ...(isGiven(engineLabel) && { labels: filled(engineLabel) }),
    ...(isGiven(engineRegistryMirror) && { registryMirrors: filled(engineRegistryMirror) }),
    ...(isGiven(engineInsecureRegistry) && { insecureRegistries: filled(engineInsecureRegistry) }),
    ...(isGiven(engineOpt) && { arbitraryFlags: filled(engineOpt) }),
    ...(isGiven(engineEnv) && {
      environment: Object.fromEntries(filled(engineEnv).map(parseAssignment)),
    }),
    ...(engineStorageDriver !== undefined && {
      storageDriver: engineStorageDriver || defaultStorageDriver,
    }),
  };
}

function isGiven(values: readonly string[]): boolean {
  return values.length > 0;
}

function filled(values: readonly string[]): string[] {
  return values.filter((value) => value !== "");
}

function parseAssignment(text: string): [name: string, value: string] {
  const [, name, value] = /^([A-Za-z_][A-Za-z0-9_]*)=([^\0\n]*)$/.exec(text) ?? [];
  if (name !== undefined && value !== undefined) return [name, value];
  // What may be a password is not repeated.
  const shown = text.includes("@") ? `"${/^\w*/.exec(text)?.[0]}…"` : `"${text}"`;
  throw new TsmachineError("INVALID_INPUT", `--engine-env ${shown} is not of the form NAME=VALUE`, {
    hints: ["give it as in `--engine-env HTTP_PROXY=http://proxy.example:3128`"],
  });
}

function repeatable(flags: string, description: string): Option {
  return new Option(flags, description).argParser(collect).default([], "none");
}
