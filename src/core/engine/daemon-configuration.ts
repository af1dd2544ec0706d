import { TsmachineError } from "../../errors/tsmachine-error.ts";
import type { MachineRecord } from "../../store/record.ts";

/** Where the guest puts the server's bundle: templates/guest/root/usr/lib/tsmachine/seed. */
const tlsFolder = "/etc/docker/tls";

/**
 * dockerd's daemon.json for this machine. What users gave as `--engine-opt` comes last and may
 * replace everything but how the engine is reached.
 * @throws TsmachineError INVALID_INPUT
 */
export function daemonConfiguration(record: MachineRecord): Record<string, unknown> {
  const { engine, provider } = record;
  return {
    "storage-driver": engine?.storageDriver ?? "overlay2",
    labels: [`provider=${provider.id}`, ...(engine?.labels ?? [])],
    "registry-mirrors": engine?.registryMirrors ?? [],
    "insecure-registries": engine?.insecureRegistries ?? [],
    ...Object.fromEntries((engine?.arbitraryFlags ?? []).map(parseFlag)),
    hosts: ["unix:///var/run/docker.sock", "tcp://0.0.0.0:2376"],
    tlsverify: true,
    tlscacert: `${tlsFolder}/ca.pem`,
    tlscert: `${tlsFolder}/server.pem`,
    tlskey: `${tlsFolder}/server-key.pem`,
  };
}

/** "log-level=debug" is text; "debug" alone, and true, false and numbers, are what they look like. */
function parseFlag(flag: string): [string, unknown] {
  const [, key, value] = /^-{0,2}([a-z][a-z0-9-]*)(?:=(.*))?$/s.exec(flag) ?? [];
  if (key === undefined) {
    throw new TsmachineError(
      "INVALID_INPUT",
      `engine option "${flag}" is not of the form key=value`,
      {
        hints: ["give it as in `--engine-opt log-level=debug`"],
      },
    );
  }
  if (value === undefined) return [key, true];
  return [key, /^(true|false|\d+)$/.test(value) ? JSON.parse(value) : value];
}
