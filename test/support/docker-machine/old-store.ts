import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createAuthority } from "../../../src/certs/authority.ts";
import { issueClientCertificate, issueServerCertificate } from "../../../src/certs/issue.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

/** A store as docker-machine leaves it, of any version. */
export interface OldStore {
  readonly path: string;
  /** The machine's folder. */
  folderOf(name: string): string;
  add(machine: OldMachineSettings): Promise<void>;
}

export interface OldMachineSettings {
  readonly name: string;
  readonly version?: OldVersion;
  readonly driver: "generic" | "none" | "virtualbox" | "qemu";
  /** Fields of the driver, over those that the version has anyway. */
  readonly fields?: Readonly<Record<string, unknown>>;
  /** A machine without a driver has no files but its configuration. */
  readonly hasFiles?: boolean;
  readonly sshKey?: string | undefined;
}

/** 0: docker-machine 0.1 and 0.2; 1: 0.3 and 0.4; 2: 0.5 before plug-ins; 3: since then. */
export type OldVersion = 0 | 1 | 2 | 3;

/** @param now when its certificates were issued */
export async function oldStore({ now = new Date() }: { now?: Date } = {}): Promise<OldStore> {
  const path = join(await temporaryDirectory(), "machine");
  const authority = await createAuthority({ now });
  const client = await issueClientCertificate(authority, { now });
  const bundle = {
    "ca.pem": authority.certificate,
    "cert.pem": client.certificate,
    "key.pem": client.key,
  };
  const folderOf = (name: string) => join(path, "machines", name);
  await writeFiles(join(path, "certs"), { ...bundle, "ca-key.pem": authority.key });
  await mkdir(join(path, "machines"));
  return {
    path,
    folderOf,
    async add(machine) {
      const { name, hasFiles = machine.driver !== "none", sshKey } = machine;
      const config = oldConfig(path, machine);
      await writeFiles(folderOf(name), { "config.json": JSON.stringify(config, undefined, 4) });
      if (!hasFiles) return;
      const subjectNames = ["127.0.0.1", "localhost"];
      const server = await issueServerCertificate(authority, {
        ...{ machineName: name, subjectNames, now },
      });
      await writeFiles(folderOf(name), {
        ...bundle,
        ...{ "server.pem": server.certificate, "server-key.pem": server.key },
        ...(sshKey !== undefined && { id_rsa: sshKey }),
      });
    },
  };
}

/** config.json in the shape of that version; see libmachine/host of docker-machine. */
function oldConfig(
  store: string,
  { name, version = 3, driver, fields = {} }: OldMachineSettings,
): object {
  const folder = join(store, "machines", name);
  const certs = join(store, "certs");
  const paths = {
    CaCertPath: join(certs, "ca.pem"),
    ClientCertPath: join(certs, "cert.pem"),
    ClientKeyPath: join(certs, "key.pem"),
    ServerCertPath: join(folder, "server.pem"),
    ServerKeyPath: join(folder, "server-key.pem"),
  };
  const caKey = join(certs, "ca-key.pem");
  const driverFields = { MachineName: name, ...driverPaths(store, name, version), ...fields };
  const engine = engineOptions(version);
  if (version === 0) {
    return {
      ...{ DriverName: driver, Driver: driverFields, StorePath: folder },
      ...{ ...paths, PrivateKeyPath: caKey, SwarmHost: "", SwarmMaster: false, SwarmDiscovery: "" },
      EngineOptions: engine,
    };
  }
  const auth =
    version === 1
      ? { ...paths, PrivateKeyPath: caKey, StorePath: "" }
      : { ...paths, CaPrivateKeyPath: caKey, CertDir: certs, StorePath: folder };
  const sans = version === 3 ? { ServerCertSANs: ["engine.example"] } : {};
  return {
    ...{ ConfigVersion: version, DriverName: driver, Driver: driverFields },
    HostOptions: {
      ...{ Driver: "", Memory: 0, Disk: 0, EngineOptions: engine },
      ...{ SwarmOptions: { IsSwarm: false }, AuthOptions: { ...auth, ...sans } },
    },
    ...(version === 1 ? { StorePath: folder } : { Name: name }),
  };
}

/** The key's place is in the driver since version 3, and is implied before. */
function driverPaths(store: string, name: string, version: OldVersion): object {
  if (version < 3) return {};
  return { StorePath: store, SSHKeyPath: join(store, "machines", name, "id_rsa") };
}

/** Version 0 has null where nothing was given, and knows no variables. */
function engineOptions(version: OldVersion): object {
  return version === 0
    ? { Dns: null, Labels: null, RegistryMirror: null, StorageDriver: "" }
    : {
        ...{ ArbitraryFlags: ["log-driver=none"], Dns: null, Env: ["A=b=c"], GraphDir: "" },
        ...{ InsecureRegistry: ["registry.example"], Labels: ["spam=eggs"], LogLevel: "" },
        ...{ RegistryMirror: [], StorageDriver: "overlay2", InstallURL: "https://get.docker.com" },
      };
}

async function writeFiles(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    await writeFile(join(folder, name), text, { mode: 0o644 });
  }
}
