import { randomUUID } from "node:crypto";
import { basename, resolve } from "node:path";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import type { CopySpec, Health, Operation, Provider } from "../provider.ts";
import { uefi } from "./firmware/choose-firmware.ts";
import { openKvmInstance } from "./instance.ts";
import { kvmOptionsSchema, parseKvmOptions } from "./options.ts";
import { choosePorts } from "./ports.ts";
import { inspectHost } from "./preflight/inspect-host.ts";
import { findQemuIn } from "./process/qemu-process.ts";
import { terminate } from "./process/terminate.ts";
import { type KvmRecord, parseKvmRecord } from "./record.ts";
import { flavourForFolders, planFolders } from "./sharing/plan-folders.ts";
import { endVirtiofsds } from "./sharing/virtiofsd.ts";
import type { KvmWorld } from "./world.ts";

/** QEMU with KVM, hvf, whpx or software emulation, reached through forwards from 127.0.0.1. */
export function createKvmProvider(world: KvmWorld): Provider {
  return {
    id: "kvm",
    aliases: ["qemu"],
    capabilities: {
      ownsInstance: true,
      bootsIso: true,
      suspension: true,
      snapshots: true,
      resizing: true,
      sharing: true,
      portable: true,
      forwards: true,
      dynamicEndpoint: false,
      kernelArguments: true,
      parallel: true,
      kernelFlavour: "cloud",
      // https://www.qemu.org/docs/master/system/devices/net.html#using-the-user-mode-network-stack
      hostLoopback: "10.0.2.2",
      guestAddress: "10.0.2.15",
    },
    options: kvmOptionsSchema,
    check: (operation) => check(world, operation),
    flavourFor: async (spec, input, operation) => {
      const { virtiofsd = null } = parseKvmOptions(input, await world.readResources());
      const plan = { world, virtiofsd: absoluteOrNull(virtiofsd) };
      return flavourForFolders(spec, plan, operation);
    },
    async plan(spec, input, operation) {
      const { name, architecture } = spec;
      const resources = await world.readResources();
      const options = parseKvmOptions(input, resources);
      const { program = null, firmware, virtiofsd: given = null, ...chosen } = options;
      const virtiofsd = absoluteOrNull(given);
      const record: KvmRecord = {
        version: 2,
        uuid: randomUUID(),
        ...{ name, architecture, ...chosen },
        program: program === null ? null : absolute(program),
        firmware: plannedFirmware(firmware, { architecture, boot: chosen.boot }),
        folders: await planFolders(spec, { world, virtiofsd }, operation),
        virtiofsd,
        ports: await choosePorts(world.platform),
      };
      await inspectHost(world, record, operation.signal);
      return record;
    },
    replan: (record, spec, { signal }) => replan(parseKvmRecord(record), spec, { world, signal }),
    async abandon(directory, operation) {
      const qemu = await findQemuIn(directory, world, operation.signal);
      if (qemu !== undefined) await terminate(qemu, "QEMU", operation);
      await endVirtiofsds({ directory }, world, operation);
    },
    open: (record, places) => openKvmInstance(parseKvmRecord(record), places, world),
  };
}

/** Programs, firmware and folders of this host that somebody else's record names are not believed. */
async function replan(
  former: KvmRecord,
  { name, architecture, origin }: CopySpec,
  { world, signal }: { readonly world: KvmWorld; readonly signal: AbortSignal },
): Promise<KvmRecord> {
  const { boot, firmware } = former;
  const given = firmware === uefi ? uefi : undefined;
  const record: KvmRecord = {
    ...{ ...former, uuid: randomUUID(), name, architecture },
    ports: await choosePorts(world.platform),
    ...(origin === "elsewhere" && {
      ...{ program: null, virtiofsd: null, folders: [], accel: "auto" as const },
      firmware: plannedFirmware(given, { architecture, boot }),
    }),
  };
  await inspectHost(world, record, signal);
  return record;
}

async function check(world: KvmWorld, { signal }: Operation): Promise<Health> {
  try {
    const { architecture } = world;
    const wanted = { architecture, program: null, accel: "auto", firmware: null } as const;
    const { program, accelerator, notes } = await inspectHost(world, wanted, signal);
    return { state: "ready", version: `QEMU ${program.version.text} (${accelerator})`, notes };
  } catch (error) {
    if (!(error instanceof TsmachineError)) throw error;
    return {
      state: error.code === "PROGRAM_MISSING" ? "missing" : "degraded",
      problem: error.message,
      hint: error.hints[0] ?? "reinstall QEMU",
    };
  }
}

/** QEMU runs in the machine's folder, whatever folder the user is in. A bare name is for PATH. */
function absolute(program: string): string {
  return basename(program) === program ? program : resolve(program);
}

function absoluteOrNull(path: string | null): string | null {
  return path === null ? null : resolve(path);
}

/** QEMU brings no firmware of its own for machines other than amd64. */
function plannedFirmware(
  given: string | undefined,
  { architecture, boot }: Pick<KvmRecord, "architecture" | "boot">,
): KvmRecord["firmware"] {
  if (given !== undefined) return given === uefi ? uefi : resolve(given);
  return architecture === "amd64" || boot === "direct" ? null : uefi;
}
