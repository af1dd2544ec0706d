import { join } from "node:path";
import * as z from "zod";
import { driverNameOf } from "../../../core/look/driver-name.ts";
import { machineFilesIn, type StoreLayout } from "../../../store/layout.ts";
import type { MachineRecord } from "../../../store/record.ts";
import { authOptionsOf, engineOptionsOf, swarmOptionsOf } from "./docker-machine-options.ts";

/** The machine as docker-machine's config.json has it, version 3: the fields that scripts know. */
export function dockerMachineConfiguration(record: MachineRecord, layout: StoreLayout) {
  return {
    ConfigVersion: 3,
    Driver: driverOf(record, layout),
    DriverName: driverNameOf(record),
    HostOptions: {
      Driver: "",
      Memory: 0,
      Disk: 0,
      EngineOptions: engineOptionsOf(record),
      SwarmOptions: swarmOptionsOf(record),
      AuthOptions: authOptionsOf(record, layout),
    },
    Name: record.name,
  };
}

/** The fields of every driver, then the URL and the machine's size where its provider has them. */
function driverOf(record: MachineRecord, layout: StoreLayout) {
  const { engineUrl } = record.endpoint ?? {};
  const { memoryMiB, cpuCount, diskSizeMiB } = sizesSchema.parse(record.provider.record);
  return {
    IPAddress: record.endpoint?.address ?? "",
    MachineName: record.name,
    SSHUser: record.endpoint?.sshUser ?? "docker",
    SSHPort: record.endpoint?.sshPort ?? 0,
    SSHKeyPath: machineFilesIn(join(layout.machines, record.name)).sshKey,
    StorePath: layout.root,
    SwarmMaster: record.swarm?.isMaster ?? false,
    SwarmHost: record.swarm?.host ?? "",
    SwarmDiscovery: record.swarm?.discovery ?? "",
    EnginePort: record.endpoint?.dockerPort ?? 0,
    ...(engineUrl !== undefined && { URL: engineUrl }),
    ...(cpuCount !== undefined && { CPU: cpuCount }),
    ...(memoryMiB !== undefined && { Memory: memoryMiB }),
    ...(diskSizeMiB !== undefined && { DiskSize: diskSizeMiB }),
  };
}

/** The names that providers give these in their records, which core does not look into. */
const sizesSchema = z
  .object({ memoryMiB: z.number(), cpuCount: z.number(), diskSizeMiB: z.number() })
  .partial()
  .catch({});
