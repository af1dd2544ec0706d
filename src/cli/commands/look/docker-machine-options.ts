import { join } from "node:path";
import { defaultInstallUrl } from "../../../core/engine/daemon-configuration.ts";
import { machineFilesIn, type StoreLayout } from "../../../store/layout.ts";
import type { MachineRecord } from "../../../store/record.ts";

// The groups of options in docker-machine's config.json, version 3, with its names and in its order.

export function engineOptionsOf({ engine }: Pick<MachineRecord, "engine">) {
  return {
    ArbitraryFlags: engine?.arbitraryFlags ?? [],
    Dns: null,
    GraphDir: "",
    Env: Object.entries(engine?.environment ?? {}).map(([name, value]) => `${name}=${value}`),
    Ipv6: false,
    InsecureRegistry: engine?.insecureRegistries ?? [],
    Labels: engine?.labels ?? [],
    LogLevel: "",
    StorageDriver: engine?.storageDriver ?? "",
    SelinuxEnabled: false,
    TlsVerify: true,
    RegistryMirror: engine?.registryMirrors ?? [],
    InstallURL: engine?.installUrl ?? defaultInstallUrl,
  };
}

/** Machines without classic Swarm have docker-machine's defaults here. */
export function swarmOptionsOf({ swarm }: Pick<MachineRecord, "swarm">) {
  return {
    IsSwarm: swarm?.isSwarm ?? false,
    Address: swarm?.address ?? "",
    Discovery: swarm?.discovery ?? "",
    Agent: swarm?.isSwarm ?? false,
    Master: swarm?.isMaster ?? false,
    Host: swarm?.host ?? "tcp://0.0.0.0:3376",
    Image: swarm?.image ?? "swarm:latest",
    Strategy: swarm?.strategy ?? "spread",
    Heartbeat: 0,
    Overcommit: 0,
    ArbitraryFlags: swarm?.options ?? [],
    ArbitraryJoinFlags: swarm?.joinOptions ?? [],
    Env: null,
    IsExperimental: swarm?.isExperimental ?? false,
  };
}

export function authOptionsOf({ name, tlsSans }: MachineRecord, layout: StoreLayout) {
  const files = machineFilesIn(join(layout.machines, name));
  return {
    CertDir: layout.certs,
    CaCertPath: join(layout.certs, "ca.pem"),
    CaPrivateKeyPath: join(layout.certs, "ca-key.pem"),
    CaCertRemotePath: "",
    ServerCertPath: files.serverCertificate,
    ServerKeyPath: files.serverKey,
    ClientKeyPath: join(layout.certs, "key.pem"),
    ServerCertRemotePath: "",
    ServerKeyRemotePath: "",
    ClientCertPath: join(layout.certs, "cert.pem"),
    ServerCertSANs: tlsSans,
    StorePath: files.directory,
  };
}
