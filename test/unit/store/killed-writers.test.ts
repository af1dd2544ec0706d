import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { TsmachineError } from "../../../src/errors/tsmachine-error.ts";
import { openStore, type Store } from "../../../src/store/open-store.ts";
import { bundleProgram, type Program } from "../../support/run-typescript.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

let rewrite: Program;
beforeAll(async () => {
  rewrite = await bundleProgram(new URL("programs/rewrite-machines.ts", import.meta.url));
});
afterAll(() => rewrite[Symbol.asyncDispose]());

const limits = { timeoutMs: 20_000, signal: new AbortController().signal };

/** Reads machine "dev" until told to stop; a machine that is just not there is all that may be amiss. */
async function readUntil(store: Store, hasEnded: () => boolean): Promise<number> {
  let count = 0;
  while (!hasEnded()) {
    try {
      const { name, tlsSans } = await store.readMachine("dev");
      expect([name, tlsSans.length % 200]).toEqual(["dev", 0]);
      count += 1;
    } catch (error) {
      if (!(error instanceof TsmachineError && isAbsence(error))) throw error;
    }
  }
  return count;
}

/** Between the look for the record and the look for its folder a machine may have come or gone. */
function isAbsence({ code }: TsmachineError): boolean {
  return code === "MACHINE_NOT_FOUND";
}

/** Resolves when that many lines have come. */
async function linesFrom(output: NodeJS.ReadableStream, wanted: number): Promise<void> {
  let count = 0;
  while (count < wanted) {
    const [chunk] = await once(output, "data");
    count += String(chunk).split("\n").length - 1;
  }
}

test("writers that are killed at any time leave whole records, and locks that are taken over", {
  timeout: 180_000,
}, async () => {
  const store = openStore(await temporaryDirectory());
  let isOver = false;
  const reading = readUntil(store, () => isOver);
  for (let round = 0; round < 60; round += 1) {
    const writer = rewrite.start(store.layout.root);
    // So that every round kills the writer at another point of its work: after one to fifteen changes.
    await linesFrom(writer.stdout, 1 + (round % 15));
    for (let looks = 0; looks < round % 4; looks += 1) await store.listMachineNames();
    writer.kill("SIGKILL");
    await writer;
    await store.withMachineLock("dev", limits, async () => {
      for (const name of await store.listMachineNames()) {
        expect((await store.readMachine(name)).name).toBe("dev");
      }
    });
  }
  isOver = true;
  expect(await reading).toBeGreaterThan(60);
  const { locks } = store.layout;
  expect((await readdir(locks)).filter((name) => !name.endsWith(".tmp"))).toEqual([]);
  await store.withMachineLock("dev", limits, async () => {
    await store.removeMachine("dev").catch(() => {});
    expect(await readdir(join(store.layout.root, "partial", "machines"))).toEqual([]);
  });
});
