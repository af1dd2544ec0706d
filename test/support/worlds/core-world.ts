import { join } from "node:path";
import type { Context } from "../../../src/core/context.ts";
import { type CreateRequest, createMachine } from "../../../src/core/machine/create.ts";
import type { Progress } from "../../../src/core/progress.ts";
import { directClient } from "../../../src/host/download/http-client.ts";
import type { Provider } from "../../../src/providers/provider.ts";
import { openStore } from "../../../src/store/open-store.ts";
import type { MachineRecord } from "../../../src/store/record.ts";
import { type FakePackageSource, fakePackageSource } from "../images/fake-images.ts";
import { writeFakeTemplates } from "../images/fake-images-templates.ts";
import { createFakeProvider, type FakeProvider } from "../providers/fake-provider.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

/** All that core works with, in a folder of its own; machines are the fake provider's. */
export interface CoreWorld {
  readonly context: Context;
  readonly provider: FakeProvider;
  readonly packages: FakePackageSource;
  /** Titles of the steps that were begun, with "(failed)" behind those that failed. */
  readonly steps: string[];
  /** What steps said while they went on. */
  readonly details: string[];
  readonly warnings: string[];
  /** Names of the machines whose agents were started, in order; none of them does anything. */
  readonly agents: string[];
  /** What Ctrl-C does. */
  abort(reason: Error): void;
  /** Moves core's clock: days from now, negative for the past. */
  setClock(days: number): void;
}

export interface CoreWorldOptions {
  readonly provider?: FakeProvider;
  /** Besides the fake one. */
  readonly otherProviders?: readonly Provider[];
  /** Files with this host's own authorities. */
  readonly authorityFiles?: readonly string[];
  /** Text of this host's hosts file. */
  readonly hosts?: string;
  /** The user's proxy variables. */
  readonly proxies?: Context["proxies"];
  /** Another process of the same user: its store. */
  readonly root?: string;
}

const dayMs = 24 * 60 * 60 * 1000;

export async function coreWorld(options: CoreWorldOptions = {}): Promise<CoreWorld> {
  const { provider = createFakeProvider(), otherProviders = [], proxies = {} } = options;
  const folder = await temporaryDirectory();
  const templates = join(folder, "templates");
  await writeFakeTemplates(templates);
  const packages = fakePackageSource(join(folder, "packages"));
  const controller = new AbortController();
  const recorded = recordingProgress();
  const warnings: string[] = [];
  const agents: string[] = [];
  let clockMs = 0;
  const context: Context = {
    store: openStore(options.root ?? join(folder, "store")),
    providers: async () => [provider, ...otherProviders],
    packageSource: packages,
    http: async () => directClient,
    dockerConfig: join(folder, "docker"),
    hostsFile: async () => options.hosts ?? "",
    authorityFiles: async () => options.authorityFiles ?? [],
    ...{ templates, architecture: "amd64", patience: 1, proxies, progress: recorded.progress },
    spawnAgent: async (name) => void agents.push(name),
    signal: controller.signal,
    now: () => new Date(Date.now() + clockMs),
    warn: (text) => warnings.push(text),
  };
  return {
    ...{ context, provider, packages, warnings, agents, ...recorded },
    abort: (reason) => controller.abort(reason),
    setClock: (days) => {
      clockMs = days * dayMs;
    },
  };
}

/** What `tsmachine create dev` asks for, with what the test wants otherwise. */
export function createRequest(changes: Partial<CreateRequest> = {}): CreateRequest {
  return {
    ...{ name: "dev", providerId: "fake", providerOptions: {} },
    images: { architecture: "amd64", kernel: { kind: "default" }, engine: { kind: "default" } },
    engine: {
      ...{ labels: [], registryMirrors: [], insecureRegistries: [] },
      ...{ environment: {}, arbitraryFlags: [] },
    },
    ...{ tlsSans: [], registersContext: false, bootTimeoutMs: 10_000 },
    ...changes,
  };
}

/** A machine that runs, with an engine that answers. */
export async function runningMachine(
  { context, provider }: CoreWorld,
  changes: Partial<CreateRequest> = {},
): Promise<BootedRecord> {
  provider.guest = "serving";
  return bootedRecord(await createMachine(context, createRequest(changes)));
}

/** The record of a machine that boots images and has a host key of ours. */
export type BootedRecord = MachineRecord &
  Required<Pick<MachineRecord, "endpoint" | "images" | "sshHostKey">>;

export function bootedRecord(record: MachineRecord): BootedRecord {
  const { endpoint, images, sshHostKey } = record;
  if (endpoint === undefined || images === undefined || sshHostKey === undefined) {
    throw new Error(`machine "${record.name}" has not booted`);
  }
  return { ...record, endpoint, images, sshHostKey };
}

function recordingProgress() {
  const steps: string[] = [];
  const details: string[] = [];
  const progress: Progress = {
    async step(title, action) {
      steps.push(title);
      try {
        return await action({
          ...progress,
          detail: (text) => details.push(text),
          conclude: () => {},
          bytes: () => {},
        });
      } catch (error) {
        steps.push(`${title} (failed)`);
        throw error;
      }
    },
  };
  return { progress, steps, details };
}
