import { mkdir, symlink, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { diskUsageOf } from "../../../src/host/files/disk-usage.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

test("a folder takes what its files take, without holes and what links lead to", async () => {
  const folder = await temporaryDirectory();
  await mkdir(join(folder, "below"));
  await writeFile(join(folder, "file"), "x".repeat(5_000));
  await writeFile(join(folder, "below/file"), "x".repeat(7_000));
  await writeFile(join(folder, "below/sparse"), "");
  await truncate(join(folder, "below/sparse"), 1 << 30);
  await symlink("/usr", join(folder, "link"));
  expect(await diskUsageOf(folder)).toBe(12_000);
});

test("what is not there takes nothing", async () => {
  expect(await diskUsageOf(join(await temporaryDirectory(), "none"))).toBe(0);
});
