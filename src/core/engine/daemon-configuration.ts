import type { MachineRecord } from "../../store/record.ts";
import { engineSettings } from "./engine-settings.ts";

/** Where the guest puts the server's bundle: templates/guest/root/usr/lib/tsmachine/seed. */
const tlsFolder = "/etc/docker/tls";

/**
 * dockerd's daemon.json for this machine. What users gave as `--engine-opt` comes last and may
 * replace everything but how the engine is reached.
 * https://docs.docker.com/reference/cli/dockerd/#daemon-configuration-file
 * @throws TsmachineError INVALID_INPUT
 */
export function daemonConfiguration({
  engine,
  provider,
}: Pick<MachineRecord, "engine"> & {
  readonly provider: Pick<MachineRecord["provider"], "id">;
}): Record<string, unknown> {
  return {
    "storage-driver": engine?.storageDriver ?? "overlay2",
    labels: [`provider=${provider.id}`, ...(engine?.labels ?? [])],
    "registry-mirrors": engine?.registryMirrors ?? [],
    "insecure-registries": engine?.insecureRegistries ?? [],
    ...engineSettings(engine?.arbitraryFlags ?? []),
    hosts: ["unix:///var/run/docker.sock", "tcp://0.0.0.0:2376"],
    tlsverify: true,
    tlscacert: `${tlsFolder}/ca.pem`,
    tlscert: `${tlsFolder}/server.pem`,
    tlskey: `${tlsFolder}/server-key.pem`,
  };
}
