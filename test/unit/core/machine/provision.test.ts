import { describe, expect, test, vi } from "vitest";
import { createMachine } from "../../../../src/core/machine/create.ts";
import { startMachine, stopMachine } from "../../../../src/core/machine/power.ts";
import { provisionMachine } from "../../../../src/core/machine/provision/provision.ts";
import { regenerateCertificates } from "../../../../src/core/machine/provision/regenerate-certificates.ts";
import { writeFileAtomic } from "../../../../src/host/files/files.ts";
import { createFakeProvider } from "../../../support/providers/fake-provider.ts";
import {
  type CoreWorld,
  type CoreWorldOptions,
  coreWorld,
  createRequest,
  runningMachine,
} from "../../../support/worlds/core-world.ts";
import { readSeed } from "../../../support/worlds/read-seed.ts";

vi.setConfig({ testTimeout: 60_000 });

const limits = { bootTimeoutMs: 10_000 };

async function worldWithStopped(options: CoreWorldOptions = {}): Promise<CoreWorld> {
  const world = await coreWorld(options);
  await runningMachine(world);
  await stopMachine(world.context, "dev");
  return world;
}

const seedOf = ({ context }: CoreWorld) => readSeed(context, "dev");

describe("provisioning a machine that is off", () => {
  test("stores options in place of those of their kind, for its next start", async () => {
    const world = await worldWithStopped();
    const { context, provider } = world;
    provider.calls.length = 0;
    const first = { changes: { labels: ["a=b"], arbitraryFlags: ["mtu=1400"] }, ...limits };
    expect(await provisionMachine(context, "dev", first)).toBe("stored");
    const second = { changes: { labels: ["c=d"], environment: { TEST: "VALUE" } }, ...limits };
    expect(await provisionMachine(context, "dev", second)).toBe("stored");
    expect(provider.calls).toEqual([]);
    expect((await context.store.readMachine("dev")).engine).toEqual({
      ...createRequest().engine,
      ...{ labels: ["c=d"], arbitraryFlags: ["mtu=1400"], environment: { TEST: "VALUE" } },
    });
    await startMachine(context, "dev", limits);
    const seed = await seedOf(world);
    expect(JSON.parse(seed("docker/daemon.json"))).toMatchObject({ mtu: 1400 });
    expect(seed("environment")).toBe("TEST=VALUE\n");
  });

  test("refuses what no engine takes, and stores nothing", async () => {
    const { context } = await worldWithStopped();
    const former = await context.store.readMachine("dev");
    const asked = provisionMachine(context, "dev", { changes: { labels: ["a"] }, ...limits });
    await expect(asked).rejects.toMatchObject({ code: "INVALID_INPUT" });
    expect(await context.store.readMachine("dev")).toEqual(former);
  });

  test("whose disk is gone is refused", async () => {
    const { context, provider } = await worldWithStopped();
    await provider.setPower("dev", "absent");
    const asked = provisionMachine(context, "dev", { changes: {}, ...limits });
    await expect(asked).rejects.toMatchObject({ code: "INSTANCE_MISSING" });
  });

  test("says so when its engine gets another storage driver", async () => {
    const { context, warnings } = await worldWithStopped();
    await provisionMachine(context, "dev", { changes: { storageDriver: "overlay" }, ...limits });
    expect(warnings).toEqual([
      'the engine of machine "dev" uses storage driver overlay2: it has no overlay any more',
    ]);
  });
});

test("a machine whose engine refuses its options is kept, and provision completes it", async () => {
  const world = await coreWorld();
  const { context, provider } = world;
  provider.guest = { lastWords: ["tsmachine: FAILED engine: invalid logging level: loud"] };
  const engine = { ...createRequest().engine, arbitraryFlags: ["log-level=loud"] };
  await expect(createMachine(context, createRequest({ engine }))).rejects.toMatchObject({
    code: "ENGINE_FAILED",
    message:
      'machine "dev": its engine refuses --engine-opt log-level=loud: invalid logging level: loud; the machine is kept',
    hints: [
      "give it other options, as in `tsmachine provision dev --engine-opt NAME=VALUE`",
      "remove it with `tsmachine rm dev` if you do not want it",
    ],
  });
  expect(provider.calls).toEqual(["create dev", "start dev"]);
  provider.guest = "serving";
  const changes = { arbitraryFlags: [] };
  expect(await provisionMachine(context, "dev", { changes, ...limits })).toBe("provisioned");
  expect((await context.store.readMachine("dev")).phase).toBe("ready");
});

describe("the proxies of this host's user", () => {
  const proxies = { HTTP_PROXY: "http://localhost:3128", no_proxy: "a.example" };

  test("are the engine's from one start to the next", async () => {
    const provider = createFakeProvider({ capabilities: { hostLoopback: "192.0.2.9" } });
    const world = await worldWithStopped({ provider, proxies });
    expect((await seedOf(world))("environment")).toBe(
      "HTTP_PROXY=http://192.0.2.9:3128\nno_proxy=a.example,dev,192.0.2.9\n",
    );
    await startMachine({ ...world.context, proxies: {} }, "dev", limits);
    expect((await seedOf(world))("environment")).toBe("");
  });

  test("on its loopback address are a warning where machines cannot reach them", async () => {
    const world = await worldWithStopped({ proxies });
    expect((await seedOf(world))("environment")).toBe("no_proxy=a.example\n");
    expect(world.warnings).toEqual([
      expect.stringMatching(/^HTTP_PROXY names a proxy on .* "dev"/),
    ]);
  });

  test("are not the engine's when the store's settings say so", async () => {
    const world = await worldWithStopped({ proxies: { HTTP_PROXY: "http://proxy.example:1" } });
    await writeFileAtomic(world.context.store.layout.config, '{"passProxies": false}');
    await startMachine(world.context, "dev", limits);
    expect((await seedOf(world))("environment")).toBe("");
  });
});

test("a machine that is off takes its new certificate at the next start", async () => {
  const world = await worldWithStopped();
  const { context } = world;
  const former = await context.store.readMachineFiles("dev");
  expect(await regenerateCertificates(context, "dev", limits)).toBe("stored");
  const files = await context.store.readMachineFiles("dev");
  expect(files.serverCertificate).not.toBe(former.serverCertificate);
  expect(files.certificate).toBe(former.certificate);
  await startMachine(context, "dev", limits);
  expect((await seedOf(world))("docker/server.pem")).toBe(files.serverCertificate);
});
