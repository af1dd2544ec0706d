import { readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { createAuthority } from "../../../../src/certs/authority.ts";
import { issueClientCertificate } from "../../../../src/certs/issue.ts";
import { operationFor } from "../../../../src/core/context.ts";
import { createMachine } from "../../../../src/core/machine/create.ts";
import { renewClientBundle } from "../../../../src/core/machine/identity.ts";
import { openMachine } from "../../../../src/core/machine/open-machine.ts";
import { startMachine } from "../../../../src/core/machine/power.ts";
import { readIso } from "../../../support/archives/iso-reader.ts";
import {
  bootedRecord,
  type CoreWorld,
  coreWorld,
  createRequest,
  runningMachine,
} from "../../../support/worlds/core-world.ts";

vi.setConfig({ testTimeout: 30_000 });

/** A machine that has run and is off. */
async function worldWithMachine(): Promise<CoreWorld> {
  const world = await coreWorld();
  await runningMachine(world);
  await world.provider.setPower("dev", "stopped");
  world.provider.calls.length = 0;
  world.steps.length = 0;
  return world;
}

const start = ({ context }: CoreWorld, bootTimeoutMs = 10_000) =>
  startMachine(context, "dev", { bootTimeoutMs });
const fileOf = ({ context }: CoreWorld, name: string) =>
  join(context.store.machineLayout("dev").directory, name);
const read = (world: CoreWorld, name: string) => readFile(fileOf(world, name), "utf8");

describe("starting", () => {
  test("takes these steps", async () => {
    const world = await worldWithMachine();
    await world.provider.setPower("dev", "stopped");
    await start(world);
    expect(world.steps).toEqual([
      "Checking the images",
      'Starting machine "dev"',
      "Waiting for the engine",
    ]);
  });

  test("works from wherever the store was moved to", async () => {
    const { provider, context } = await worldWithMachine();
    const root = `${context.store.layout.root}-moved`;
    await rename(context.store.layout.root, root);
    const world = await coreWorld({ provider, root });
    await start(world);
    const { directory, images } = provider.places.at(-1) ?? {};
    expect(directory).toBe(join(root, "machines", "dev"));
    expect(images?.kernel).toMatch(new RegExp(`^${root}/cache/images/`));
  });

  test("keeps a certificate that is good for more than 30 days", async () => {
    const world = await worldWithMachine();
    const before = await read(world, "server.pem");
    await world.provider.setPower("dev", "stopped");
    await start(world);
    expect(await read(world, "server.pem")).toBe(before);
  });

  test("renews certificates with less than 30 days left, in the seed image too", async () => {
    const world = await coreWorld();
    world.setClock(-1070);
    await runningMachine(world);
    const before = await Promise.all(["server.pem", "cert.pem"].map((name) => read(world, name)));
    await world.provider.setPower("dev", "stopped");
    world.setClock(0);
    await start(world);
    const after = await Promise.all(["server.pem", "cert.pem"].map((name) => read(world, name)));
    expect(after[0]).not.toBe(before[0]);
    expect(after[1]).not.toBe(before[1]);
    const seed = readIso(await readFile(fileOf(world, "seed.iso")));
    expect(seed.get("docker/server.pem")?.content.toString()).toBe(after[0]);
  });

  test("makes new certificates once the store has a new authority", async () => {
    const world = await worldWithMachine();
    const { certs } = world.context.store.layout;
    await rm(certs, { recursive: true });
    await start(world);
    expect(await read(world, "ca.pem")).toBe(await readFile(join(certs, "ca.pem"), "utf8"));
    expect(await read(world, "cert.pem")).toBe(await readFile(join(certs, "cert.pem"), "utf8"));
  });

  test("works again once a lost client certificate was renewed", async () => {
    const world = await worldWithMachine();
    const { certs } = world.context.store.layout;
    await rm(join(certs, "cert.pem"));
    await expect(start(world)).rejects.toMatchObject({ code: "AUTHORITY_INCOMPLETE" });
    await renewClientBundle(world.context);
    await start(world);
    expect(await read(world, "cert.pem")).toBe(await readFile(join(certs, "cert.pem"), "utf8"));
  });

  test("is refused under an authority that has expired, before the machine is on", async () => {
    const world = await worldWithMachine();
    const { certs } = world.context.store.layout;
    await rm(certs, { recursive: true });
    const now = new Date(Date.now() - 3660 * 24 * 60 * 60 * 1000);
    const authority = await createAuthority({ now });
    const client = await issueClientCertificate(authority, { now });
    await world.context.store.ensureAuthority(
      async () => ({ ...client, ca: authority.certificate, caKey: authority.key }),
      { timeoutMs: 1_000, signal: world.context.signal },
    );
    world.provider.calls.length = 0;
    await expect(start(world)).rejects.toMatchObject({
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
    await rm(fileOf(world, lost));
    await expect(start(world)).rejects.toMatchObject({
      code: "MACHINE_INCOMPLETE",
      message: `machine "dev" lacks ${what}`,
    });
  });

  test("makes a damaged image again before it boots", async () => {
    const world = await worldWithMachine();
    const { images } = bootedRecord(await world.context.store.readMachine("dev"));
    const { cache } = world.context.store.layout;
    const kernel = join(cache, "images", `boot-${images.boot}`, "kernel");
    await writeFile(kernel, "damaged");
    await start(world);
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
      expect(await start(world)).toBe("changed");
      expect((await world.context.store.readMachine("dev")).phase).toBe("ready");
    },
  );

  test("finds a machine again that a killed start gave other ports", async () => {
    const world = await coreWorld();
    const record = await runningMachine(world, { registersContext: true });
    const { store, dockerConfig } = world.context;
    const knownHosts = await read(world, "known_hosts");
    const stale = { ...record, endpoint: { ...record.endpoint, sshPort: 1, dockerPort: 1 } };
    await store.writeMachine(stale);
    await writeFile(fileOf(world, "known_hosts"), "stale");
    await rm(dockerConfig, { recursive: true });
    expect(await start(world)).toBe("unchanged");
    expect(await store.readMachine("dev")).toEqual(record);
    expect(await read(world, "known_hosts")).toBe(knownHosts);
    const [context = ""] = await readdir(join(dockerConfig, "contexts", "meta"));
    const meta = join(dockerConfig, "contexts", "meta", context, "meta.json");
    expect(await readFile(meta, "utf8")).toContain(`:${record.endpoint.dockerPort}"`);
  });

  test("ends what its hypervisor keeps of a machine that crashes meanwhile", async () => {
    const world = await worldWithMachine();
    world.provider.guest = "mute";
    const starting = expect(start(world)).rejects.toMatchObject({ code: "MACHINE_FAILED" });
    await vi.waitUntil(() => world.steps.includes("Waiting for the engine"));
    await world.provider.setPower("dev", "crashed");
    await starting;
    expect(world.provider.calls).toEqual(["start dev", "stop dev"]);
  });

  test("leaves a machine on whose engine does not answer", async () => {
    const world = await worldWithMachine();
    world.provider.guest = "mute";
    const starting = start(world, 300);
    await expect(starting).rejects.toMatchObject({ code: "TIMEOUT" });
    await expect(start(world, 300)).rejects.toMatchObject({ code: "TIMEOUT" });
    const { instance } = await openMachine(world.context, "dev");
    expect(await instance.power(operationFor(world.context))).toBe("running");
  });
});
