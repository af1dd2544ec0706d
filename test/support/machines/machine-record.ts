import type { MachineRecord } from "../../../src/store/record.ts";

/** A record as `create` leaves it, with what the test wants otherwise. */
export function machineRecord(changes: Partial<MachineRecord> = {}): MachineRecord {
  return {
    schemaVersion: 1,
    name: "dev",
    phase: "ready",
    createdAt: "2026-03-01T12:00:00.000Z",
    architecture: "amd64",
    provider: { id: "fake", record: { port: 1 }, options: { memoryMiB: 1024 } },
    images: { boot: "boot-1", engine: "engine-1" },
    tlsSans: ["docker.example"],
    endpoint: { address: "127.0.0.1", sshPort: 2222, dockerPort: 2376 },
    sshHostKey: "ssh-ed25519 AAAA",
    ...changes,
  };
}
