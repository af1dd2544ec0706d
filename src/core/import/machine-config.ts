import * as z from "zod";
import { parseJson } from "../../bytes/parse-json.ts";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import type { MachineRecord } from "../../store/record.ts";

/** A machine as docker-machine has recorded it, whatever the version. */
export interface OldMachine {
  readonly driverName: string;
  /** What its driver kept; each has its own shape. */
  readonly driver: z.infer<typeof driverSchema>;
  readonly engine: NonNullable<MachineRecord["engine"]>;
  readonly tlsSans: readonly string[];
  /** Where files were when it was recorded, perhaps on another host. */
  readonly recordedPaths: {
    readonly ca: string;
    readonly certificate: string;
    readonly key: string;
    readonly sshKey: string;
  };
}

const newestVersion = 3;

/** Go writes null for a list without elements, and leaves empty texts empty. */
const text = z
  .string()
  .nullish()
  .transform((value) => value ?? "");
const texts = z
  .array(z.string())
  .nullish()
  .transform((value) => value ?? []);

const engineSchema = z.object({
  ArbitraryFlags: texts,
  Env: texts,
  InsecureRegistry: texts,
  Labels: texts,
  RegistryMirror: texts,
  StorageDriver: text,
});
const pathsSchema = z.object({
  CaCertPath: text,
  ClientCertPath: text,
  ClientKeyPath: text,
  ServerCertSANs: texts,
});
const driverSchema = z.record(z.string(), z.json());

/**
 * config.json of docker-machine. Version 0, of 0.1 and 0.2, says no version and has the paths of the
 * certificates beside the driver; since version 1 they are in HostOptions, and versions 2 and 3 only
 * rename what is of no use here. Source: docker-machine 0.16.2, libmachine/host.
 */
const configSchema = z.object({
  ConfigVersion: z.number().int().min(0).default(0),
  DriverName: z.string().min(1),
  Driver: driverSchema,
  EngineOptions: engineSchema.nullish(),
  HostOptions: z
    .object({ EngineOptions: engineSchema.nullish(), AuthOptions: pathsSchema.nullish() })
    .nullish(),
  ...pathsSchema.shape,
});

/** @throws TsmachineError IMPORT_INVALID; `path` is where the text was read */
export function parseMachineConfig(json: string, path: string): OldMachine {
  const value = parseJson(json);
  const version = z.object({ ConfigVersion: z.number() }).safeParse(value).data?.ConfigVersion ?? 0;
  if (version > newestVersion) {
    throw invalid(
      path,
      `it has version ${version}, and ${newestVersion} was docker-machine's last`,
    );
  }
  const parsed = configSchema.safeParse(value);
  if (!parsed.success) throw invalid(path, problemOf(json, parsed.error), parsed.error);
  const { DriverName, Driver, HostOptions, ...config } = parsed.data;
  const engine = engineSchema.parse(HostOptions?.EngineOptions ?? config.EngineOptions ?? {});
  const paths = version === 0 ? config : pathsSchema.parse(HostOptions?.AuthOptions ?? {});
  return {
    driverName: DriverName,
    driver: Driver,
    engine: engineSettings(engine),
    tlsSans: paths.ServerCertSANs,
    recordedPaths: {
      ca: paths.CaCertPath,
      certificate: paths.ClientCertPath,
      key: paths.ClientKeyPath,
      sshKey: text.catch("").parse(Driver.SSHKeyPath),
    },
  };
}

function engineSettings(engine: z.infer<typeof engineSchema>): OldMachine["engine"] {
  const variables = engine.Env.map((line) => /^([^=]+)=(.*)$/s.exec(line));
  return {
    labels: engine.Labels,
    registryMirrors: engine.RegistryMirror,
    insecureRegistries: engine.InsecureRegistry,
    arbitraryFlags: engine.ArbitraryFlags,
    environment: Object.fromEntries(
      variables.flatMap((match) => (match === null ? [] : [[match[1] ?? "", match[2] ?? ""]])),
    ),
    ...(engine.StorageDriver !== "" && { storageDriver: engine.StorageDriver }),
  };
}

function problemOf(json: string, { issues: [first] }: z.ZodError): string {
  if (json.trim() === "") return "it is empty";
  if (first === undefined || first.path.length === 0) return "it is no JSON object";
  return `${first.path.join(".")}: ${first.message.replace(/^Invalid input: /, "")}`;
}

function invalid(path: string, problem: string, cause?: unknown): TsmachineError {
  return new TsmachineError("IMPORT_INVALID", `${path} is not readable: ${problem}`, {
    hints: ["mend the file, or put it back from a copy"],
    cause,
  });
}
