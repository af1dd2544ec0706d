import { TsmachineError } from "../../errors/tsmachine-error.ts";
import type { MachineRecord } from "../../store/record.ts";
import { driverNameOf } from "../look/driver-name.ts";
import { engineSettings } from "./engine-settings.ts";
import { storageDriverFor } from "./storage-driver.ts";

/** Where the guest has the server's bundle: templates/guest/root/usr/lib/tsmachine/seed. */
const tlsFolder = "/etc/docker/tls";

export type EngineOptions = NonNullable<MachineRecord["engine"]>;

/** What docker-machine installed engines from unless told otherwise. */
export const defaultInstallUrl = "https://get.docker.com";

export const defaultStorageDriver = "overlay2";

export const noEngineOptions: EngineOptions = {
  ...{ labels: [], registryMirrors: [], insecureRegistries: [] },
  ...{ environment: {}, arbitraryFlags: [] },
};

export interface DaemonOf {
  readonly engine?: EngineOptions;
  readonly provider: Pick<MachineRecord["provider"], "id" | "givenId">;
  /** "26.1.5+dfsg1", or "unknown". */
  readonly engineVersion: string;
}

/**
 * dockerd's daemon.json for this machine. What users gave as `--engine-opt` comes last: lists grow by
 * it, other settings are replaced.
 * https://docs.docker.com/reference/cli/dockerd/#daemon-configuration-file
 * @throws TsmachineError INVALID_INPUT, which names the option, for what cannot be.
 */
export function daemonConfiguration({
  engine = noEngineOptions,
  provider,
  engineVersion,
}: DaemonOf): Record<string, unknown> {
  const { labels = [], ...settings } = engineSettings(engine.arbitraryFlags);
  const own = engine.labels.map(requireLabel);
  const given = [...own, ...(Array.isArray(labels) ? labels : [])];
  return {
    "storage-driver": defaultStorageDriver,
    ...settings,
    ...storageDriver(settings["storage-driver"] ?? engine.storageDriver, engineVersion),
    // As docker-machine labelled engines; dockerd refuses two labels of one key.
    labels: [
      ...(given.some(isProviderLabel) ? [] : [`provider=${driverNameOf({ provider })}`]),
      ...given,
    ],
    ...lists(settings, "registry-mirrors", engine.registryMirrors.map(requireMirror)),
    ...lists(settings, "insecure-registries", engine.insecureRegistries),
    hosts: ["unix:///var/run/docker.sock", "tcp://0.0.0.0:2376"],
    tlsverify: true,
    tlscacert: `${tlsFolder}/ca.pem`,
    tlscert: `${tlsFolder}/server.pem`,
    tlskey: `${tlsFolder}/server-key.pem`,
  };
}

function storageDriver(asked: unknown, engineVersion: string): Record<string, unknown> {
  if (asked === undefined) return {};
  const driver = typeof asked === "string" ? storageDriverFor(asked, engineVersion) : asked;
  return { "storage-driver": driver };
}

function lists(settings: Record<string, unknown>, name: string, given: readonly string[]) {
  const added = settings[name];
  return { [name]: [...given, ...(Array.isArray(added) ? added : [])] };
}

function isProviderLabel(label: unknown): boolean {
  return String(label).startsWith("provider=");
}

function requireLabel(label: string): string {
  if (/^[^=]+=/.test(label)) return label;
  throw new TsmachineError("INVALID_INPUT", `--engine-label "${label}" is not KEY=VALUE`, {
    hints: ["give it as in `--engine-label rack=3`"],
  });
}

function requireMirror(mirror: string): string {
  const url = URL.canParse(mirror) ? new URL(mirror) : undefined;
  const isPlain = url !== undefined && /^https?:$/.test(url.protocol) && url.username === "";
  if (isPlain && url.search === "" && url.hash === "") return mirror;
  // What may be a password is not repeated.
  const shown = mirror.includes("@") ? "with a name in it" : `"${mirror}"`;
  throw new TsmachineError(
    "INVALID_INPUT",
    `--engine-registry-mirror ${shown} is no plain http or https URL`,
    { hints: ["give it as in `--engine-registry-mirror https://mirror.example`"] },
  );
}
