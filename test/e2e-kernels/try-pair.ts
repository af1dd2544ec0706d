import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { TestStore } from "../support/machines/tsmachine.ts";
import { buildImages } from "./build-images.ts";
import { failureOf } from "./failure.ts";
import type { Pair } from "./plan.ts";
import { type Probed, probe } from "./probe.ts";

/** How far a pair came. */
export interface Outcome {
  readonly pair: Pair;
  /** Suite that the engine and the machine's other programs are from. */
  readonly userland: string | undefined;
  readonly isoBytes: number | undefined;
  readonly seconds: Readonly<Partial<Record<Stage, number>>>;
  /** Undefined when all went as it should. */
  readonly failure: Failure | undefined;
}

/**
 * build: `iso build`. boot: the guest's own clock when its services start. ping: `create` with these
 * images, until the engine answers. container: an image imported, a container run.
 */
export const stages = ["build", "boot", "ping", "container"] as const;
export type Stage = (typeof stages)[number];

interface Failure {
  readonly message: string;
  /** All that the command printed, and what the machine's console shows. */
  readonly details: string;
}

const machineName = "kernels";
const size = ["--kvm-memory", "1024", "--kvm-disk-size", "4096"];

/** Creates a machine of the pair, runs a container in it and removes it. */
export async function tryPair(store: TestStore, pair: Pair): Promise<Outcome> {
  const seconds: Partial<Record<Stage, number>> = {};
  const timed = async <T>(stage: Stage, action: () => Promise<T>) => {
    const startedAt = performance.now();
    const result = await action();
    seconds[stage] = (performance.now() - startedAt) / 1000;
    return result;
  };
  let images: Awaited<ReturnType<typeof buildImages>> | undefined;
  let failure: Failure | undefined;
  try {
    images = await timed("build", () => buildImages(store, pair.flags));
    await timed("ping", () => create(store, pair));
    Object.assign(seconds, bootSeconds(await readConsole(store)));
    check(pair, await timed("container", () => probe(store, machineName)));
  } catch (error) {
    failure = await describeFailure(store, error);
  }
  await store.tsmachine("rm", "-f", "-y", machineName);
  return {
    ...{ pair, seconds, failure },
    userland: images?.engine.suites.at(0),
    isoBytes: images?.boot.fileBytes["boot.iso"],
  };
}

async function create(store: TestStore, { flags }: Pair): Promise<void> {
  const created = await store.tsmachine("create", ...size, ...flags, machineName);
  if (created.exitCode !== 0) throw failureOf("create", created);
}

function check({ release, engine }: Pair, probed: Probed): void {
  if (probed.release !== release) throw new Error(`uname -r prints ${probed.release}`);
  // Debian's builds have a suffix: "26.1.5+dfsg1".
  const [version] = /^\d+(?:\.\d+)*/.exec(probed.engine) ?? [];
  if (version !== engine) throw new Error(`the engine is of version ${probed.engine}`);
}

function bootSeconds(console: string): Partial<Record<Stage, number>> {
  const [, seconds] = /tsmachine: booted in ([\d.]+) s/.exec(console) ?? [];
  return seconds === undefined ? {} : { boot: Number(seconds) };
}

async function describeFailure(store: TestStore, error: unknown): Promise<Failure> {
  if (!(error instanceof Error)) throw error;
  const console = (await readConsole(store)).split("\n").slice(-40).join("\n");
  const printed = typeof error.cause === "string" ? error.cause : "";
  return { message: error.message, details: `${printed}\n${console}` };
}

/** Empty where there is none. */
async function readConsole(store: TestStore): Promise<string> {
  const path = join(store.path, "machines", machineName, "console.log");
  return readFile(path, "utf8").catch(() => "");
}
