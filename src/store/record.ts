import * as z from "zod";
import { architectureSchema } from "../host/architecture.ts";
import { isMachineName } from "./machine-name.ts";

/** Raised, with an entry in migrations.ts, by every change that older records need help with. */
export const currentSchemaVersion = 1;

const portSchema = z.number().int().min(1).max(65535);

const engineSchema = z.looseObject({
  /** "key=value" */
  labels: z.array(z.string()),
  registryMirrors: z.array(z.string()),
  insecureRegistries: z.array(z.string()),
  storageDriver: z.string().exactOptional(),
  environment: z.record(z.string(), z.string()),
  /** As given to --engine-install-url; docker-machine's default when absent. */
  installUrl: z.string().exactOptional(),
  /** "key=value" or "key", as given to --engine-opt. */
  arbitraryFlags: z.array(z.string()),
});

/**
 * All that is stored of a machine besides its keys. Every object keeps fields it does not
 * know, so that a record survives being rewritten by an older program of the same version.
 */
export const machineRecordSchema = z.looseObject({
  schemaVersion: z.literal(currentSchemaVersion),
  name: z.string().refine(isMachineName, "not a machine's name"),
  phase: z.enum(["creating", "ready", "removing"]),
  createdAt: z.iso.datetime(),
  architecture: architectureSchema,
  provider: z.looseObject({
    id: z.string().min(1),
    /** What Provider.open takes; only the provider knows its shape. */
    record: z.json(),
    /** What the user asked for at create. */
    options: z.json(),
  }),
  images: z.looseObject({
    /** Keys of the shared images in the cache. */
    boot: z.string(),
    engine: z.string(),
    /** Of the engine that the last upgrade took the place of. */
    previousEngine: z.string().exactOptional(),
    /** The kernel's, as it belongs to that boot image. */
    commandLine: z.string().exactOptional(),
  }),
  /**
   * There from when an upgrade puts its image in place until the new engine has answered or the old
   * image is back. The keys of both images; `images.engine` is "to" meanwhile.
   */
  upgrade: z.looseObject({ from: z.string(), to: z.string() }).exactOptional(),
  engine: engineSchema.exactOptional(),
  tlsSans: z.array(z.string()),
  /** The context of docker's CLI that the machine is registered as. */
  dockerContext: z.string().exactOptional(),
  /** Absent until the machine has been started once. */
  endpoint: z
    .looseObject({ address: z.string().min(1), sshPort: portSchema, dockerPort: portSchema })
    .exactOptional(),
  /** The machine's public key in OpenSSH's format: "ssh-ed25519 AAAA…". */
  sshHostKey: z.string().min(1),
});
export type MachineRecord = z.infer<typeof machineRecordSchema>;
