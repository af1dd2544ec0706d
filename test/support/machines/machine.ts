import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { inject } from "vitest";
import * as z from "zod";
import type { RunResult } from "../../../src/host/processes/run.ts";
import { openTestStore, type ShellSettings, type TestStore } from "./tsmachine.ts";

/** A machine that runs, the only one of a store of its own; both go on disposal. */
export interface TestMachine extends AsyncDisposable {
  readonly name: string;
  readonly store: TestStore;
  /** Runs a script of sh(1) on this host, in the environment of `eval "$(tsmachine env NAME)"`. */
  shell(script: string, settings?: ShellSettings): Promise<RunResult>;
  /** What a script of sh(1) prints in the guest; anything but success is an error. */
  guest(script: string): Promise<string>;
  inspect(): Promise<Inspected>;
  /** What clients of the engine connect with. */
  engineAccess(): Promise<EngineAccess>;
}

export interface EngineAccess {
  readonly host: string;
  readonly port: number;
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

const inspectedSchema = z.looseObject({
  Driver: z.looseObject({ IPAddress: z.string(), SSHPort: z.number(), SSHKeyPath: z.string() }),
  Record: z.looseObject({
    sshHostKey: z.string(),
    images: z.looseObject({ boot: z.string(), engine: z.string() }),
    endpoint: z.looseObject({ address: z.string(), sshPort: z.number(), dockerPort: z.number() }),
  }),
  Files: z.looseObject({ dataDisk: z.string(), consoleLog: z.string() }),
});
export type Inspected = z.infer<typeof inspectedSchema>;

/** Little, so that two of them fit anywhere. */
export const smallMachine = ["--kvm-memory", "1024", "--kvm-disk-size", "4096"];

export async function openSharedCacheStore(): Promise<TestStore> {
  return openTestStore({
    cacheDirectory: inject("cacheDirectory"),
    dockerProgram: inject("dockerProgram"),
  });
}

/** Creates a machine with the command line; `flags` are further flags of `create`. */
export async function createTestMachine(flags: readonly string[] = []): Promise<TestMachine> {
  const store = await openSharedCacheStore();
  const created = await store.tsmachine("create", ...smallMachine, ...flags, "default");
  if (created.exitCode !== 0) {
    await store[Symbol.asyncDispose]();
    throw new Error(`create ended with ${created.exitCode}: ${created.stderr}`);
  }
  return machineIn(store, "default");
}

/** A machine that is in the store already. */
export function machineIn(store: TestStore, name: string): TestMachine {
  const inspect = async () =>
    inspectedSchema.parse(JSON.parse((await store.tsmachine("inspect", name)).stdout));
  return {
    name,
    store,
    inspect,
    shell: (script, settings) =>
      store.shell(`eval "$(tsmachine env --shell sh ${name})" && ${script}`, settings),
    async guest(script) {
      const { stdout, stderr, exitCode } = await store.tsmachine("ssh", name, script);
      if (exitCode !== 0) throw new Error(`${script} ended with ${exitCode}: ${stderr}`);
      return stdout;
    },
    async engineAccess() {
      const { address, dockerPort } = (await inspect()).Record.endpoint;
      const pem = (file: string) => readFile(join(store.path, "machines", name, file), "utf8");
      const [ca, cert, key] = await Promise.all(["ca.pem", "cert.pem", "key.pem"].map(pem));
      if (!ca || !cert || !key) throw new Error(`machine ${name} lacks a part of its bundle`);
      return { host: address, port: dockerPort, ca, cert, key };
    },
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
}
