import { readdir } from "node:fs/promises";
import { dirname } from "node:path";
import { expect } from "vitest";
import { createBundle, importBundle } from "../../../src/core/images/bundle.ts";
import { falseFilesIn } from "../debian/trust-chain.ts";
import { type BundleWorld, bundleWorld, imageDigests } from "./bundle-world.ts";
import type { BundleMember } from "./members.ts";

/** What somebody does to the members of a bundle. */
export type Edit = (members: readonly BundleMember[]) => readonly BundleMember[];

/** With a bundle at its path. */
export async function worldWithBundle(): Promise<BundleWorld> {
  const world = await bundleWorld();
  const { online, path } = world;
  await createBundle(online.context, {
    ...{ architecture: "amd64", kernel: { kind: "default" }, engine: { kind: "default" } },
    ...{ path, existing: "kept" },
  });
  return world;
}

/** The world's bundle is refused for that reason, and nothing of it is in the store. */
export async function expectRefusal(world: BundleWorld, reason: RegExp): Promise<void> {
  const offline = await world.offlineHost();
  const { context } = offline;
  const failure = await importBundle(context, { path: world.path, rollback: "refused" }).then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(failure).toMatchObject({ code: "BUNDLE_INVALID", message: expect.stringMatching(reason) });
  const { cache } = context.store.layout;
  expect(await falseFilesIn(cache)).toEqual([]);
  expect(await imageDigests(offline)).toEqual({});
  expect(await readdir(cache)).not.toContain("bundle.importing");
  expect(await readdir(dirname(cache))).toEqual(["cache"]);
}

/** With one bit of its last byte changed. */
export function flipped(bytes: Buffer): Buffer {
  bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
  return bytes;
}
