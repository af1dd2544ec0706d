import { mkdir, readFile, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { poll } from "../../../src/host/poll.ts";
import {
  isRunning,
  type ProcessIdentity,
  processIdentitySchema,
  signalProcess,
} from "../../../src/host/processes/process-identity.ts";
import { readResources } from "../../../src/host/resources.ts";
import { firmwarePlaces } from "../../../src/providers/kvm/firmware/find-firmware.ts";
import { type KvmMachine, pathOf } from "../../../src/providers/kvm/record.ts";
import { type KvmWorld, linuxPaths } from "../../../src/providers/kvm/world.ts";
import type { BootImages } from "../../../src/providers/provider.ts";
import type { NewMachine } from "../providers/contract-subject.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import { tinyGuest } from "./tiny-guest.ts";

/** This host, as the command line would describe it. */
export function realWorld(): KvmWorld {
  return {
    platform: process.platform,
    architecture: process.arch === "arm64" ? "arm64" : "amd64",
    environment: process.env,
    readResources,
    firmwarePlaces,
    home: homedir(),
    temporaryDirectory: tmpdir(),
    linux: linuxPaths,
  };
}

/** Small enough to start many; emulated, so that it is the same on every host. */
export const tinyOptions = { memoryMiB: 256, cpuCount: 1, diskSizeMiB: 512, accel: "tcg" };

/** Images that QEMU accepts, the kernel being the tiny guest. */
export async function tinyImages(): Promise<BootImages> {
  const folder = await temporaryDirectory();
  const write = async (name: string, content: Uint8Array) => {
    const path = join(folder, name);
    await writeFile(path, content);
    return path;
  };
  return {
    kernel: await write("kernel", tinyGuest()),
    initramfs: await write("initramfs", new Uint8Array(512)),
    bootIso: await write("boot.iso", new Uint8Array(2048)),
    engineImage: await write("engine, shared.image", new Uint8Array(512)),
    seedImage: await write("seed.image", new Uint8Array(512)),
    commandLine: "console=ttyS0",
  };
}

export async function tinyMachine(name: string, images?: BootImages): Promise<NewMachine> {
  const directory = join(await temporaryDirectory(), name);
  await mkdir(directory, { mode: 0o700 });
  return {
    spec: { name, architecture: "amd64" },
    places: { directory, images: images ?? (await tinyImages()) },
  };
}

/** The process in the machine's own records. */
export async function recordedQemu(
  machine: Pick<KvmMachine, "directory">,
): Promise<ProcessIdentity> {
  const text = await readFile(pathOf(machine, "process"), "utf8");
  return processIdentitySchema.parse(JSON.parse(text));
}

/** kill -9, and the process has ended on return. */
export async function killQemu(machine: Pick<KvmMachine, "directory">): Promise<void> {
  const identity = await recordedQemu(machine);
  await signalProcess(identity, "SIGKILL");
  await untilGone(identity);
}

async function untilGone(identity: ProcessIdentity): Promise<void> {
  await poll(async () => ((await isRunning(identity)) ? undefined : true), {
    waitingFor: `the end of process ${identity.pid}`,
    everyMs: 20,
    timeoutMs: 20_000,
    signal: AbortSignal.timeout(30_000),
  });
}
