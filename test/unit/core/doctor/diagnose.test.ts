import { chmod, mkdir, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { diagnose } from "../../../../src/core/doctor/diagnose.ts";
import { ensureAuthority } from "../../../../src/core/machine/identity.ts";
import { createNoneProvider } from "../../../../src/providers/none/provider.ts";
import type { Health } from "../../../../src/providers/provider.ts";
import { writePackage } from "../../../support/images/cache-world.ts";
import { createFakeProvider } from "../../../support/providers/fake-provider.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";
import { type CoreWorld, coreWorld, runningMachine } from "../../../support/worlds/core-world.ts";

vi.setConfig({ testTimeout: 30_000 });

const host = { nodeVersion: "v20.19.0", platform: "linux", environment: {} } as const;

async function findingOf(world: CoreWorld, check: string, facts = {}) {
  const findings = await diagnose(world.context, { ...host, ...facts });
  return findings.find((finding) => finding.check === check);
}

test("a host is looked at from all sides, in this order, and nothing is made", async () => {
  const world = await coreWorld();
  const findings = await diagnose(world.context, host);
  expect(findings.map(({ check }) => check)).toEqual([
    ...["Node.js", "provider fake", "memory", "disk", "store", "certificates", "images"],
    ...["unused", "program ssh", "program docker"],
  ]);
  const { root } = world.context.store.layout;
  await expect(rm(root)).rejects.toMatchObject({ code: "ENOENT" });
});

test("hosts that are only adopted need nothing of this one", async () => {
  const { context } = await coreWorld({ otherProviders: [createNoneProvider()] });
  const checks = (await diagnose(context, host)).map(({ check }) => check);
  expect(checks.filter((check) => check.startsWith("provider"))).toEqual(["provider fake"]);
});

test("whatever is no problem has no remedy, and whatever is one has", async () => {
  const findings = await diagnose((await coreWorld()).context, host);
  for (const { verdict, remedy } of findings) expect(remedy === undefined).toBe(verdict === "ok");
});

test.each([
  ["v20.19.0", "ok"],
  ["v20.20.2", "ok"],
  ["v22.12.0", "ok"],
  ["v24.0.0", "ok"],
  ["v22.11.0", "problem"],
  ["v21.7.3", "problem"],
  ["v20.18.9", "problem"],
  ["v18.20.0", "problem"],
])("Node.js %s is: %s", async (nodeVersion, verdict) => {
  expect(await findingOf(await coreWorld(), "Node.js", { nodeVersion })).toMatchObject({ verdict });
});

const healths: readonly (readonly [string, Health, object])[] = [
  ["ready", { state: "ready", version: "QEMU 10", notes: [] }, { verdict: "ok", found: "QEMU 10" }],
  [
    "ready with notes",
    { state: "ready", version: "QEMU 10", notes: ["it is slow", "it is old"] },
    { verdict: "advice", found: "QEMU 10", remedy: "it is slow; it is old" },
  ],
  [
    "missing",
    { state: "missing", problem: "no QEMU", hint: "install it" },
    { verdict: "problem", found: "no QEMU", remedy: "install it" },
  ],
];
test.each(healths)("a provider that is %s is told with its remedy", async (_, health, finding) => {
  const world = await coreWorld({ provider: createFakeProvider({ health }) });
  expect(await findingOf(world, "provider fake")).toMatchObject(finding);
});

describe("the store's authority is", () => {
  test("not needed yet", async () => {
    const world = await coreWorld();
    expect(await findingOf(world, "certificates")).toMatchObject({
      ...{ verdict: "ok", found: "none yet" },
    });
  });

  test("valid", async () => {
    const world = await coreWorld();
    await ensureAuthority(world.context);
    expect(await findingOf(world, "certificates")).toMatchObject({
      ...{ verdict: "ok", found: expect.stringMatching(/^an authority that is valid until 20/) },
    });
  });

  test("expired", async () => {
    const world = await coreWorld();
    world.setClock(-3_660);
    await ensureAuthority(world.context);
    world.setClock(0);
    expect(await findingOf(world, "certificates")).toMatchObject({
      verdict: "problem",
      remedy: `rename ${world.context.store.layout.certs}; the next create makes a new authority`,
    });
  });

  test("incomplete", async () => {
    const world = await coreWorld();
    await ensureAuthority(world.context);
    const { certs } = world.context.store.layout;
    await rm(join(certs, "ca-key.pem"));
    expect(await findingOf(world, "certificates")).toMatchObject({
      ...{ verdict: "problem", found: `${certs} lacks some of its files` },
    });
  });

  test("no certificate", async () => {
    const world = await coreWorld();
    await ensureAuthority(world.context);
    await writeFile(join(world.context.store.layout.certs, "ca.pem"), "garbage");
    expect(await findingOf(world, "certificates")).toMatchObject({ verdict: "problem" });
  });
});

test("images in the cache are named by their versions", async () => {
  const world = await coreWorld();
  expect(await findingOf(world, "images")).toMatchObject({ found: "none in the cache yet" });
  await runningMachine(world);
  expect(await findingOf(world, "images")).toMatchObject({
    found: "boot 6.12.1-cloud-amd64, engine 26.1.5",
  });
});

test("a program is found on PATH, and machines do without", async () => {
  const world = await coreWorld();
  expect(await findingOf(world, "program ssh")).toMatchObject({
    ...{ verdict: "advice", found: "not on PATH" },
  });
  const folder = await temporaryDirectory();
  await writeFile(join(folder, "ssh"), "");
  await chmod(join(folder, "ssh"), 0o755);
  expect(await findingOf(world, "program ssh", { environment: { PATH: folder } })).toMatchObject({
    ...{ verdict: "ok", found: join(folder, "ssh") },
  });
});

test("a store that is a folder already is told by its path", async () => {
  const world = await coreWorld();
  const { root } = world.context.store.layout;
  expect(await findingOf(world, "store")).toMatchObject({ found: `${root}, which will be made` });
  await mkdir(root);
  expect(await findingOf(world, "store")).toMatchObject({ verdict: "ok", found: root });
});

describe("what no machine uses", () => {
  test("is no matter while it is little", async () => {
    const world = await coreWorld();
    await writePackage(world.context.store.layout.cache, "one");
    expect(await findingOf(world, "unused")).toMatchObject({
      verdict: "ok",
      found: "0 MiB that no machine uses",
    });
  });

  test("is worth a word when it is more than a gibibyte", async () => {
    const world = await coreWorld();
    const { cache } = world.context.store.layout;
    for (let index = 0; index < 80; index += 1) {
      const path = join(cache, await writePackage(cache, `package-${index}`));
      await truncate(path, 15 << 20);
    }
    expect(await findingOf(world, "unused")).toMatchObject({
      ...{ verdict: "advice", found: "1200 MiB that no machine uses" },
      remedy: "remove it with `tsmachine prune`",
    });
  });
});
