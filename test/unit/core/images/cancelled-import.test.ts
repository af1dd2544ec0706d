import { readdir } from "node:fs/promises";
import { expect, test, vi } from "vitest";
import { importBundle } from "../../../../src/core/images/bundle.ts";
import { imageDigests } from "../../../support/bundle/bundle-world.ts";
import { worldWithBundle } from "../../../support/bundle/tampering.ts";
import { falseFilesIn } from "../../../support/debian/trust-chain.ts";

vi.setConfig({ testTimeout: 60_000 });

test.each(["Reading the bundle", "Checking what Debian has signed", "Building the engine image"])(
  'an import that is cancelled at "%s" leaves nothing half-made',
  async (moment) => {
    const { path, offlineHost } = await worldWithBundle();
    const offline = await offlineHost();
    const { context } = offline;
    const reason = new Error("Ctrl-C");
    const progress: typeof context.progress = {
      step: (title, action) =>
        context.progress.step(title, (step) => {
          if (title === moment) offline.abort(reason);
          return action({ ...step, step: progress.step });
        }),
    };
    const pending = importBundle({ ...context, progress }, { path, rollback: "refused" });
    await expect(pending).rejects.toBe(reason);
    const { cache } = context.store.layout;
    const left = await readdir(cache);
    expect(left.filter((name) => name.startsWith("bundle"))).toEqual([]);
    expect(await falseFilesIn(cache)).toEqual([]);
    expect(Object.keys(await imageDigests(offline)).join()).not.toMatch(/engine|building|tmp/);
  },
);
