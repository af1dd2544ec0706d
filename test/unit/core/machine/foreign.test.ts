import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readImageUses } from "../../../../src/core/images/uses.ts";
import { noFilters } from "../../../../src/core/look/filters.ts";
import { listMachines } from "../../../../src/core/look/list-machines.ts";
import { createMachine } from "../../../../src/core/machine/create.ts";
import { removeMachine } from "../../../../src/core/machine/remove.ts";
import { findPrunable } from "../../../../src/core/prune/prune-store.ts";
import { coreWorld, createRequest } from "../../../support/worlds/core-world.ts";

/** A store in docker-machine's own folder. */
async function sharedStore() {
  const world = await coreWorld();
  const { directory } = world.context.store.machineLayout("dev");
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, "config.json"), '{"ConfigVersion": 3}');
  return { ...world, directory };
}

describe("a machine of docker-machine in the store's folder", () => {
  test("has a row that says how to take it over", async () => {
    const { context } = await sharedStore();
    const request = { filters: noFilters, timeoutMs: 5_000, wanted: "status and engine" } as const;
    expect(await listMachines(context, request)).toEqual([
      expect.objectContaining({
        ...{ name: "dev", status: "Error", error: expect.stringContaining("`tsmachine import`") },
      }),
    ]);
  });

  test("is neither removed by force nor replaced by a new one", async () => {
    const { context, directory } = await sharedStore();
    const foreign = { code: "RECORD_FOREIGN" };
    await expect(removeMachine(context, "dev", { force: true })).rejects.toMatchObject(foreign);
    await expect(createMachine(context, createRequest())).rejects.toMatchObject(foreign);
    expect(await readdir(directory)).toEqual(["config.json"]);
  });

  test("needs none of the images, so that others can be removed", async () => {
    const { context, warnings } = await sharedStore();
    expect(await findPrunable(context, { extent: "unused" })).toMatchObject({ reservations: [] });
    expect((await readImageUses(context))("boot", "0123").machines).toEqual([]);
    expect(warnings).toEqual([]);
  });
});
