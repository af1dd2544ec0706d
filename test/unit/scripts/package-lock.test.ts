import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import * as z from "zod";

const lockSchema = z.object({
  packages: z.record(
    z.string(),
    z.object({
      version: z.string(),
      resolved: z.string().optional(),
      optionalDependencies: z.record(z.string(), z.string()).optional(),
    }),
  ),
});

async function lockedPackages() {
  return lockSchema.parse(JSON.parse(await readFile("package-lock.json", "utf8"))).packages;
}

test("package-lock.json names every optional package too: npm ci refuses a lock that does not", async () => {
  const packages = await lockedPackages();
  const wanted = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).map((name) => ({ path, name })),
  );
  const missing = wanted.filter(
    ({ path, name }) =>
      packages[`node_modules/${name}`] === undefined &&
      packages[`${path}/node_modules/${name}`] === undefined,
  );
  expect(missing).toEqual([]);
});

test("package-lock.json keeps no download addresses, so that any registry will do", async () => {
  const packages = Object.values(await lockedPackages());
  expect(packages.filter(({ resolved }) => resolved !== undefined)).toEqual([]);
});
