import { beforeEach, describe, expect, test } from "vitest";
import { pruneCommand } from "../../../../src/cli/commands/system/prune.ts";
import { withImagesInUse } from "../../../../src/core/images/images-in-use.ts";
import {
  filesBelow,
  sha256Of,
  writeAt,
  writeImage,
  writePackage,
} from "../../../support/images/cache-world.ts";
import { runCommand } from "../../../support/worlds/cli-world.ts";
import { type CoreWorld, coreWorld } from "../../../support/worlds/core-world.ts";

let world: CoreWorld;
let cache: string;
beforeEach(async () => {
  world = await coreWorld();
  ({ cache } = world.context.store.layout);
  await writePackage(cache, "one");
  await writeAt(`${cache}/packages/${sha256Of("two")}.deb`, "x".repeat(99_997));
});

const prune = (...args: string[]) => runCommand(world, pruneCommand, args);

describe("prune", () => {
  test("prints what it freed, by kind and in total", async () => {
    await writeAt(`${cache}/inputs/${sha256Of("mine")}`, "x".repeat(1000));
    const { stdout, stderr, exitStatus } = await prune();
    expect(stdout).toBe(
      [
        "KIND       COUNT   FREED",
        "packages   2       100.0 kB",
        "inputs     1       1.0 kB",
        "total      3       101.0 kB",
        "",
      ].join("\n"),
    );
    expect({ stderr, exitStatus }).toEqual({ stderr: "", exitStatus: 0 });
    expect(await filesBelow(cache)).toEqual([]);
    expect((await prune()).stdout).toBe("KIND    COUNT   FREED\ntotal   0       0 B\n");
  });

  test("with --dry-run says what it would free, and removes nothing", async () => {
    const before = await filesBelow(cache);
    expect((await prune("--dry-run")).stdout).toContain("WOULD FREE");
    expect(await filesBelow(cache)).toEqual(before);
  });

  test("prints JSON", async () => {
    const key = await writeImage(cache, { kind: "engine" });
    const { stdout } = await prune("--json", "--all");
    expect(JSON.parse(stdout)).toEqual({
      ...{ dryRun: false, totalBytes: expect.any(Number), reservations: [] },
      removed: [
        {
          ...{ kind: "images", path: `${cache}/images/engine-${key}` },
          sizeBytes: expect.any(Number),
        },
        expect.objectContaining({ kind: "packages" }),
        expect.objectContaining({ kind: "packages" }),
      ],
    });
  });

  test("says on stderr why the cache is left as it is", async () => {
    const { stdout, stderr } = await withImagesInUse(world.context, () => prune());
    expect(stdout).toMatch(/^total +0/m);
    expect(stderr).toBe(
      `tsmachine: note: the cache is left as it is: it is in use by process ${process.pid}\n` +
        "tsmachine: hint: wait until that command has ended, then run `tsmachine prune` again\n",
    );
  });
});
