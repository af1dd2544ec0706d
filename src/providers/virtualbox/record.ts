import { join } from "node:path";
import * as z from "zod";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import type { BootPlaces, MachinePlaces } from "../provider.ts";
import { cardTypes, type Forward, frontEnds, promiscuousModes } from "./control.ts";
import { parseCidr } from "./network/cidr.ts";
import { webServiceProblem } from "./webservice/address.ts";

const portSchema = z.number().int().min(1).max(65_535);
const macSchema = z.string().regex(/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/);

const hostOnlySchema = z.object({
  /** This host's address there, with the length of the prefix. */
  network: z.string().refine((text) => parseCidr(text) !== undefined),
  type: z.enum(cardTypes),
  mac: macSchema,
  promiscuous: z.enum(promiscuousModes),
  /** Whether an adapter that has to be made keeps the DHCP server that comes with it. */
  hasDhcp: z.boolean(),
  /** What `create` found or made; null before. */
  adapter: z.string().nullable(),
  /** The machine's, which it keeps; null before `create`. */
  address: z.ipv4().nullable(),
});
export type HostOnly = z.infer<typeof hostOnlySchema>;

/** What a VirtualBox machine is, wherever its files are; core stores it as JSON. */
const virtualBoxRecordSchema = z.object({
  version: z.literal(1),
  /** VirtualBox's own UUID of the machine. Its name there may change. */
  uuid: z.uuid(),
  name: z.string().min(1),
  memoryMiB: z.number().int().positive(),
  cpuCount: z.number().int().positive(),
  diskSizeMiB: z.number().int().positive(),
  uiType: z.enum(frontEnds),
  nat: z.object({
    type: z.enum(cardTypes),
    mac: macSchema,
    hasDnsProxy: z.boolean(),
    hasHostResolver: z.boolean(),
  }),
  /** Null: the machine is reached through ports of 127.0.0.1. */
  hostOnly: hostOnlySchema.nullable(),
  folders: z.array(z.object({ tag: z.string(), path: z.string(), mountPoint: z.string() })),
  /** The web service that VirtualBox is reached through, see webServiceProblem; null: VBoxManage. */
  webservice: z
    .string()
    .refine((text) => webServiceProblem(text) === undefined)
    .nullable()
    .default(null),
  /** On 127.0.0.1. */
  ports: z.object({ ssh: portSchema, docker: portSchema }),
});
export type VirtualBoxRecord = z.infer<typeof virtualBoxRecordSchema>;

/** An instance with the places that its files have now. */
export type VirtualBoxMachine = VirtualBoxRecord & BootPlaces;

/** Enough to name it, to VirtualBox and in messages. */
export type NamedMachine = Pick<VirtualBoxRecord, "uuid" | "name">;

/** @throws TsmachineError RECORD_INVALID */
export function parseVirtualBoxRecord(input: unknown): VirtualBoxRecord {
  const result = virtualBoxRecordSchema.safeParse(input);
  if (result.success) return result.data;
  throw new TsmachineError(
    "RECORD_INVALID",
    "the record of a virtualbox machine cannot be understood",
    {
      hints: ["remove the machine with `tsmachine rm -f`, then create it again"],
      cause: result.error,
    },
  );
}

/** @throws Error without images: whoever knows the provider's capabilities gives it some. */
export function placeMachine(
  record: VirtualBoxRecord,
  { directory, images }: MachinePlaces,
): VirtualBoxMachine {
  if (images === undefined) throw new Error("a virtualbox machine was opened without its images");
  return { ...record, directory, images };
}

/** Where the guest listens. */
export const guestPorts = { ssh: 22, docker: 2376 } as const;

export function forwardsOf({ ports }: Pick<VirtualBoxRecord, "ports">): readonly Forward[] {
  return (["ssh", "docker"] as const).map((name) => ({
    ...{ name, hostPort: ports[name], guestPort: guestPorts[name] },
  }));
}

/** The ports of forwards such as those of forwardsOf; undefined where one of them is missing. */
export function portsIn(forwards: readonly Forward[]): VirtualBoxRecord["ports"] | undefined {
  const portOf = (name: keyof typeof guestPorts) =>
    forwards.find((one) => one.name === name && one.guestPort === guestPorts[name])?.hostPort;
  const [ssh, docker] = [portOf("ssh"), portOf("docker")];
  return ssh === undefined || docker === undefined ? undefined : { ssh, docker };
}

/** Names inside the machine's folder. VirtualBox's own are below a folder of the machine's name there. */
const fileNames = {
  consoleLog: "console.log",
  previousConsoleLog: "console.log.previous",
} as const;

export function pathOf(
  { directory }: Pick<VirtualBoxMachine, "directory">,
  file: keyof typeof fileNames,
): string {
  return join(directory, fileNames[file]);
}

/** Beside the settings file, so that VirtualBox finds it again when both have moved. */
export const dataDiskName = "data.vdi";
