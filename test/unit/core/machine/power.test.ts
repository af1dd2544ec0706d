import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { createAuthority } from "../../../../src/certs/authority.ts";
import { issueClientCertificate } from "../../../../src/certs/issue.ts";
import { createMachine } from "../../../../src/core/machine/create.ts";
import {
  killMachine,
  restartMachine,
  startMachine,
  stopMachine,
} from "../../../../src/core/machine/power.ts";
import {
  type CoreWorld,
  coreWorld,
  createRequest,
  runningMachine,
} from "../../../support/core-world.ts";
import { readIso } from "../../../support/iso-reader.ts";

vi.setConfig({ testTimeout: 30_000 });

const limits = { bootTimeoutMs: 10_000 };

async function worldWithMachine(): Promise<CoreWorld> {
  const world = await coreWorld();
  await runningMachine(world);
  world.provider.calls.length = 0;
  world.steps.length = 0;
  return world;
}

const fileOf = ({ context }: CoreWorld, name: string) =>
  join(context.store.machineLayout("dev").directory, name);
const read = (world: CoreWorld, name: string) => readFile(fileOf(world, name), "utf8");

const changes = {
  start: (world: CoreWorld) => startMachine(world.context, "dev", limits),
  stop: (world: CoreWorld) => stopMachine(world.context, "dev"),
  kill: (world: CoreWorld) => killMachine(world.context, "dev"),
  restart: (world: CoreWorld) => restartMachine(world.context, "dev", limits),
};

describe("what is done, by what there is to do", () => {
  test.each([
    { change: "start", power: "running", outcome: "unchanged", calls: [] },
    { change: "start", power: "stopped", outcome: "changed", calls: ["start dev"] },
    { change: "start", power: "suspended", outcome: "changed", calls: ["start dev"] },
    { change: "stop", power: "running", outcome: "changed", calls: ["stop dev"] },
    { change: "stop", power: "stopped", outcome: "unchanged", calls: [] },
    { change: "stop", power: "stopping", outcome: "changed", calls: ["stop dev"] },
    { change: "stop", power: "unknown", outcome: "changed", calls: ["stop dev"] },
    { change: "kill", power: "running", outcome: "changed", calls: ["stop dev"] },
    { change: "kill", power: "stopped", outcome: "unchanged", calls: [] },
    { change: "kill", power: "unknown", outcome: "changed", calls: ["stop dev"] },
    { change: "restart", power: "running", outcome: undefined, calls: ["stop dev", "start dev"] },
    { change: "restart", power: "stopped", outcome: undefined, calls: ["start dev"] },
  ] as const)("$change of a machine that is $power: $calls", async (row) => {
    const world = await worldWithMachine();
    if (row.power !== "running") await world.provider.setPower("dev", row.power);
    expect(await changes[row.change](world)).toBe(row.outcome);
    expect(world.provider.calls).toEqual(row.calls);
  });

  test.each(["start", "stop", "kill", "restart"] as const)(
    "%s of a machine whose disk is gone is refused",
    async (change) => {
      const world = await worldWithMachine();
      await world.provider.setPower("dev", "absent");
      await expect(changes[change](world)).rejects.toMatchObject({ code: "INSTANCE_MISSING" });
      expect(world.provider.calls).toEqual([]);
    },
  );

  test.each(["start", "stop", "kill", "restart"] as const)(
    "%s of a machine that nobody made is refused and makes nothing",
    async (change) => {
      const world = await coreWorld();
      await expect(changes[change](world)).rejects.toMatchObject({ code: "MACHINE_NOT_FOUND" });
      expect(await world.context.store.listMachineNames()).toEqual([]);
    },
  );

  test("commands on one machine follow one another, and the second says for whom it waits", async () => {
    const world = await worldWithMachine();
    await Promise.all([changes.restart(world), changes.restart(world)]);
    expect(world.provider.calls).toEqual(["stop dev", "start dev", "stop dev", "start dev"]);
    expect(world.steps).toContain(
      `Waiting for process ${process.pid}, which is changing machine "dev"`,
    );
  });
});

describe("starting", () => {
  test("takes these steps", async () => {
    const world = await worldWithMachine();
    await world.provider.setPower("dev", "stopped");
    await changes.start(world);
    expect(world.steps).toEqual([
      "Checking the images",
      'Starting machine "dev"',
      "Waiting for the engine",
    ]);
  });

  test("keeps a certificate that is good for more than 30 days", async () => {
    const world = await worldWithMachine();
    const before = await read(world, "server.pem");
    await world.provider.setPower("dev", "stopped");
    await changes.start(world);
    expect(await read(world, "server.pem")).toBe(before);
  });

  test("renews certificates with less than 30 days left, in the seed image too", async () => {
    const world = await coreWorld();
    world.setClock(-1070);
    await runningMachine(world);
    const before = await Promise.all(["server.pem", "cert.pem"].map((name) => read(world, name)));
    await world.provider.setPower("dev", "stopped");
    world.setClock(0);
    await changes.start(world);
    const after = await Promise.all(["server.pem", "cert.pem"].map((name) => read(world, name)));
    expect(after[0]).not.toBe(before[0]);
    expect(after[1]).not.toBe(before[1]);
    const seed = readIso(await readFile(fileOf(world, "seed.iso")));
    expect(seed.get("docker/server.pem")?.content.toString()).toBe(after[0]);
  });

  test("makes new certificates once the store has a new authority", async () => {
    const world = await worldWithMachine();
    const { certs } = world.context.store.layout;
    await changes.stop(world);
    await rm(certs, { recursive: true });
    await changes.start(world);
    expect(await read(world, "ca.pem")).toBe(await readFile(join(certs, "ca.pem"), "utf8"));
    expect(await read(world, "cert.pem")).toBe(await readFile(join(certs, "cert.pem"), "utf8"));
  });

  test("is refused under an authority that has expired, before the machine is on", async () => {
    const world = await worldWithMachine();
    const { certs } = world.context.store.layout;
    await changes.stop(world);
    await rm(certs, { recursive: true });
    const now = new Date(Date.now() - 3660 * 24 * 60 * 60 * 1000);
    const authority = await createAuthority({ now });
    const client = await issueClientCertificate(authority, { now });
    await world.context.store.ensureAuthority(
      async () => ({ ...client, ca: authority.certificate, caKey: authority.key }),
      { timeoutMs: 1_000, signal: world.context.signal },
    );
    world.provider.calls.length = 0;
    await expect(changes.start(world)).rejects.toMatchObject({
      code: "CERTIFICATE_INVALID",
      message: expect.stringContaining("ended on"),
      hints: [expect.stringContaining("rename the folder certs")],
    });
    expect(world.provider.calls).toEqual([]);
  });

  test.each([
    { lost: "id_rsa.pub", what: "its SSH key" },
    { lost: "ssh_host_ed25519_key", what: "its SSH host key" },
  ])("is refused for a machine that has lost $what", async ({ lost, what }) => {
    const world = await worldWithMachine();
    await changes.stop(world);
    await rm(fileOf(world, lost));
    await expect(changes.start(world)).rejects.toMatchObject({
      code: "MACHINE_INCOMPLETE",
      message: `machine "dev" lacks ${what}`,
    });
  });

  test("makes a damaged image again before it boots", async () => {
    const world = await worldWithMachine();
    await changes.stop(world);
    const { images } = await world.context.store.readMachine("dev");
    const { cache } = world.context.store.layout;
    const kernel = join(cache, "images", `boot-${images.boot}`, "kernel");
    await writeFile(kernel, "damaged");
    await changes.start(world);
    expect(await readFile(kernel, "utf8")).toBe("kernel");
  });

  test.each(["running", "stopped"] as const)(
    "finishes a machine whose creation was killed, %s since",
    async (power) => {
      const world = await coreWorld();
      world.provider.guest = "mute";
      world.provider.failNext("remove", new Error("killed"));
      const request = createRequest({ bootTimeoutMs: 300 });
      await createMachine(world.context, request).catch(() => {});
      expect((await world.context.store.readMachine("dev")).phase).toBe("creating");
      await world.provider.setPower("dev", power);
      world.provider.guest = "serving";
      expect(await changes.start(world)).toBe("changed");
      expect((await world.context.store.readMachine("dev")).phase).toBe("ready");
    },
  );

  test("leaves a machine on whose engine does not answer", async () => {
    const world = await worldWithMachine();
    await changes.stop(world);
    world.provider.guest = "mute";
    const starting = startMachine(world.context, "dev", { bootTimeoutMs: 300 });
    await expect(starting).rejects.toMatchObject({ code: "TIMEOUT" });
    expect(await changes.start(world)).toBe("unchanged");
  });
});

describe("stopping", () => {
  test("powers a guest off that does not heed its power button in time", async () => {
    const world = await worldWithMachine();
    world.provider.heedsPowerButton = false;
    const outcome = await stopMachine(world.context, "dev", { shutdownTimeoutMs: 1 });
    expect(outcome).toBe("changed");
    expect(world.provider.calls).toEqual(["stop dev", "stop dev"]);
    expect(world.details).toContain("it does not shut down; powering it off");
  });

  test("ends with the signal's reason when it is cancelled, the machine on", async () => {
    const world = await worldWithMachine();
    world.provider.heedsPowerButton = false;
    const reason = new Error("the user pressed Ctrl-C");
    const stopping = changes.stop(world);
    await vi.waitUntil(() => world.provider.calls.includes("stop dev"));
    world.abort(reason);
    await expect(stopping).rejects.toBe(reason);
    expect(world.provider.calls).toEqual(["stop dev"]);
  });

  test("passes on why the provider cannot", async () => {
    const world = await worldWithMachine();
    const failure = new Error("no monitor");
    world.provider.failNext("stop", failure);
    await expect(changes.stop(world)).rejects.toBe(failure);
  });
});
