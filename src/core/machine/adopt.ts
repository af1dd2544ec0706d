import type { Architecture } from "../../host/architecture.ts";
import type { Json, Provider } from "../../providers/provider.ts";
import type { MachineFiles } from "../../store/machine-files.ts";
import { currentSchemaVersion, type MachineRecord } from "../../store/record.ts";
import { type Context, operationFor } from "../context.ts";

export interface Adoption {
  readonly name: string;
  readonly provider: Provider;
  /** What the provider opens it from. */
  readonly planned: Json;
  /** What the user asked for. */
  readonly options: Json;
  /** This host's, for want of a way to know the other's. */
  readonly architecture: Architecture;
  readonly engine?: NonNullable<MachineRecord["engine"]>;
  readonly tlsSans: readonly string[];
  readonly tlsFiles?: MachineRecord["tlsFiles"] | undefined;
  readonly swarm?: MachineRecord["swarm"] | undefined;
  readonly sshHostKey?: string;
  readonly createdAt: Date;
  /** Certificates and keys for its folder. */
  readonly files: MachineFiles;
}

/**
 * Records a host that is there without tsmachine. Nothing is made or started, so the machine is ready
 * with its record; nobody is asked whether it answers. The caller holds the machine's lock.
 * @throws TsmachineError MACHINE_EXISTS, INVALID_INPUT
 */
export async function adoptMachine(context: Context, adoption: Adoption): Promise<MachineRecord> {
  const { name, provider, planned, files } = adoption;
  const { directory } = context.store.machineLayout(name);
  const instance = provider.open(planned, { directory });
  const endpoint = await instance.endpoint(operationFor(context));
  const record: MachineRecord = {
    schemaVersion: currentSchemaVersion,
    name,
    phase: "ready",
    createdAt: adoption.createdAt.toISOString(),
    architecture: adoption.architecture,
    provider: { id: provider.id, record: planned, options: adoption.options },
    ...(adoption.engine !== undefined && { engine: adoption.engine }),
    ...(adoption.swarm !== undefined && { swarm: adoption.swarm }),
    tlsSans: [...adoption.tlsSans],
    ...(adoption.tlsFiles !== undefined && { tlsFiles: adoption.tlsFiles }),
    endpoint: { ...endpoint },
    ...(adoption.sshHostKey !== undefined && { sshHostKey: adoption.sshHostKey }),
  };
  await context.store.createMachine(record, files);
  return record;
}
