import { Option } from "commander";
import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import type { MachineRecord } from "../../../store/record.ts";

/** The flags of docker-machine that set up the engine, as commander gives them. */
export interface EngineFlags {
  readonly engineLabel: readonly string[];
  readonly engineRegistryMirror: readonly string[];
  readonly engineInsecureRegistry: readonly string[];
  readonly engineOpt: readonly string[];
  readonly engineEnv: readonly string[];
  readonly engineStorageDriver?: string;
}

export function engineOptions(): Option[] {
  return [
    repeatable("--engine-label <KEY=VALUE>", "label of the engine; repeatable"),
    repeatable("--engine-registry-mirror <URL>", "registry mirror to pull through; repeatable"),
    repeatable("--engine-insecure-registry <HOST>", "registry without TLS; repeatable"),
    repeatable("--engine-opt <KEY=VALUE>", "setting of daemon.json; repeatable"),
    repeatable("--engine-env <NAME=VALUE>", "variable for the engine; repeatable"),
    new Option("--engine-storage-driver <NAME>", "storage driver of the engine"),
  ];
}

/** @throws TsmachineError INVALID_INPUT */
export function parseEngineFlags(flags: EngineFlags): NonNullable<MachineRecord["engine"]> {
  return {
    labels: [...flags.engineLabel],
    registryMirrors: [...flags.engineRegistryMirror],
    insecureRegistries: [...flags.engineInsecureRegistry],
    arbitraryFlags: [...flags.engineOpt],
    environment: Object.fromEntries(flags.engineEnv.map(parseAssignment)),
    ...(flags.engineStorageDriver !== undefined && { storageDriver: flags.engineStorageDriver }),
  };
}

function parseAssignment(text: string): [name: string, value: string] {
  const [, name, value] = /^([A-Za-z_][A-Za-z0-9_]*)=([^\0\n]*)$/.exec(text) ?? [];
  if (name !== undefined && value !== undefined) return [name, value];
  throw new TsmachineError(
    "INVALID_INPUT",
    `--engine-env "${text}" is not of the form NAME=VALUE`,
    {
      hints: ["give it as in `--engine-env HTTP_PROXY=http://proxy.example:3128`"],
    },
  );
}

function repeatable(flags: string, description: string): Option {
  return new Option(flags, description)
    .argParser((value: string, former: readonly string[]) => [...former, value])
    .default([], "none");
}
