import * as z from "zod";
import { architectureSchema } from "../host/architecture.ts";
import { processIdentitySchema } from "../host/processes/process-identity.ts";
import { isMachineName } from "./machine-name.ts";

/** Raised, with an entry in migrations.ts, by every change that older records need help with. */
export const currentSchemaVersion = 1;

const portSchema = z.number().int().min(1).max(65535);

const imagesSchema = z.looseObject({
  /** Keys of the shared images in the cache. */
  boot: z.string(),
  engine: z.string(),
  /** Of the engine that the last upgrade took the place of. */
  previousEngine: z.string().exactOptional(),
  /** The kernel's, as it belongs to that boot image. */
  commandLine: z.string().exactOptional(),
});
export type RecordedImages = z.infer<typeof imagesSchema>;

/** What Instance.endpoint gave; see there. */
const endpointSchema = z
  .looseObject({
    address: z.string(),
    sshPort: portSchema.exactOptional(),
    sshUser: z.string().min(1).exactOptional(),
    dockerPort: portSchema.exactOptional(),
    engineUrl: z.string().min(1).exactOptional(),
  })
  .refine(
    ({ address, dockerPort, engineUrl }) =>
      engineUrl !== undefined || (address !== "" && dockerPort !== undefined),
    "it does not say where the engine is",
  );

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

/** Paths of PEM files outside the store: a certificate and its key. */
const certifiedKeySchema = z.looseObject({
  certificate: z.string().min(1),
  key: z.string().min(1),
});

/** Of a node of classic Swarm, as given at create; kept for who looks, nothing acts on it. */
const swarmSchema = z.looseObject({
  isSwarm: z.boolean(),
  isMaster: z.boolean(),
  /** "token://…", "consul://…" and the like; empty unless given. */
  discovery: z.string(),
  /** Where the master listens: "tcp://0.0.0.0:3376". */
  host: z.string(),
  image: z.string(),
  strategy: z.string(),
  /** What the node advertises; empty for the machine's own address. */
  address: z.string(),
  /** "key=value" each, for the master. */
  options: z.array(z.string()),
  /** "key=value" each, for the node's agent. */
  joinOptions: z.array(z.string()),
  isExperimental: z.boolean(),
});

/** What JSON.parse has given, as it is: z.json() would copy it without keys that are called "__proto__". */
const jsonSchema = z.custom<z.core.util.JSONType>((value) => value !== undefined);

/**
 * All that is stored of a machine besides its keys. Every object keeps fields it does not
 * know, so that a record survives being rewritten by an older program of the same version.
 */
export const machineRecordSchema = z.looseObject({
  schemaVersion: z.literal(currentSchemaVersion),
  name: z.string().refine(isMachineName, "not a machine's name"),
  phase: z.enum(["creating", "ready", "removing"]),
  /** What of its creation or removal was begun last; absent when neither is under way. */
  stage: z.string().min(1).exactOptional(),
  createdAt: z.iso.datetime(),
  architecture: architectureSchema,
  provider: z.looseObject({
    id: z.string().min(1),
    /** The alias by which the user chose the provider; absent where that was its id. */
    givenId: z.string().min(1).exactOptional(),
    /** What Provider.open takes; only the provider knows its shape. */
    record: jsonSchema,
    /** What the user asked for at create. */
    options: jsonSchema,
  }),
  /** There exactly where the provider boots images. */
  images: imagesSchema.exactOptional(),
  /**
   * There from when an upgrade puts its image in place until the new engine has answered or the old
   * image is back. The keys of both images; `images.engine` is "to" meanwhile.
   */
  upgrade: z.looseObject({ from: z.string(), to: z.string() }).exactOptional(),
  engine: engineSchema.exactOptional(),
  swarm: swarmSchema.exactOptional(),
  tlsSans: z.array(z.string()),
  /** The address of this host that published ports are bound to; 127.0.0.1 when absent. */
  publishAddress: z.ipv4().exactOptional(),
  /** The images that the machine had when each of its snapshots was taken, by the snapshot's label. */
  snapshotImages: z.record(z.string(), imagesSchema).exactOptional(),
  /** There while `rm` refuses to remove the machine. */
  isProtected: z.literal(true).exactOptional(),
  /** Of a clone: what its guest marks the data disk with, once that has nothing left that tells of the copied machine. */
  identity: z.uuid().exactOptional(),
  /** The context of docker's CLI that the machine is registered as. */
  dockerContext: z.string().exactOptional(),
  /** What the user has given in place of the store's authority, of its clients' bundle, or of both. */
  tlsFiles: z
    .looseObject({
      authority: certifiedKeySchema.exactOptional(),
      client: certifiedKeySchema.exactOptional(),
    })
    .exactOptional(),
  /** There while a process uses the machine for itself, and removes it afterwards. */
  user: processIdentitySchema.exactOptional(),
  /** Of a matrix: what the machine was made to try, as the matrix calls it. */
  cell: z.string().exactOptional(),
  /** Of a matrix: the name of the workload that the machine was made to run. */
  workload: z.string().exactOptional(),
  /** Absent until the machine has been started once. */
  endpoint: endpointSchema.exactOptional(),
  /**
   * The machine's public key in OpenSSH's format: "ssh-ed25519 AAAA…". Absent where nobody can log
   * in, and of an adopted host until its key is known.
   */
  sshHostKey: z.string().min(1).exactOptional(),
});
export type MachineRecord = z.infer<typeof machineRecordSchema>;
