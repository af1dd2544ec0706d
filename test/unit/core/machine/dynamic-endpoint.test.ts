import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createMachine } from "../../../../src/core/machine/create.ts";
import { storeEndpoint } from "../../../../src/core/machine/endpoint/locate.ts";
import { engineUrl } from "../../../../src/core/machine/look.ts";
import { openMachine } from "../../../../src/core/machine/open-machine.ts";
import { startMachine, stopMachine } from "../../../../src/core/machine/power.ts";
import { provisionMachine } from "../../../../src/core/machine/provision/provision.ts";
import { regenerateCertificates } from "../../../../src/core/machine/provision/regenerate-certificates.ts";
import { readIso } from "../../../support/archives/iso-reader.ts";
import type { Guest } from "../../../support/providers/fake-provider.ts";
import { createRequest } from "../../../support/worlds/core-world.ts";
import { type MovingWorld, movingWorld } from "../../../support/worlds/moving-world.ts";
import { recordedOperation } from "../../../support/worlds/operations.ts";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let world: MovingWorld;
beforeEach(async () => {
  world = await movingWorld();
});
afterEach(() => {
  vi.unstubAllEnvs();
});

const limits = { bootTimeoutMs: 20_000 };
const create = (bootTimeoutMs = 20_000) =>
  createMachine(world.context, createRequest({ registersContext: true, bootTimeoutMs }));
const start = (bootTimeoutMs = 20_000) => startMachine(world.context, "dev", { bootTimeoutMs });
const layout = () => world.context.store.machineLayout("dev");
const record = () => world.context.store.readMachine("dev");
const certificate = () => readFile(layout().serverCertificate, "utf8");
const seedCertificate = async () =>
  readIso(await readFile(join(layout().directory, "seed.iso")))
    .get("docker/server.pem")
    ?.content.toString();

/** A machine that has run at 127.0.0.2 and is off; nothing of its creation is noted. */
async function createStopped(): Promise<void> {
  await create();
  await stopMachine(world.context, "dev");
  for (const noted of [world.steps, world.warnings, world.provider.calls]) noted.length = 0;
}

// macOS has no loopback address but 127.0.0.1 unless it is told to.
describe.skipIf(process.platform === "darwin")("a machine whose address is dynamic", () => {
  test("is given a certificate for its address once that is known, at its first start", async () => {
    world.provider.asksInVain = 2;
    const { endpoint } = await create();
    expect(endpoint?.address).toBe("127.0.0.2");
    expect(await world.certifiedAddresses()).toEqual(["127.0.0.2"]);
    expect(await seedCertificate()).not.toBe(await certificate());
    expect((await world.guest.calls()).filter((call) => call !== "watch")).toEqual([
      "install",
      "settle",
    ]);
    expect(world.steps.slice(world.steps.indexOf('Starting machine "dev"'))).toEqual([
      ...['Starting machine "dev"', "Waiting for an address", "Waiting for the engine"],
      "Giving the engine a certificate for 127.0.0.2",
      "Checking connection to Docker",
    ]);
    expect(await readFile(layout().knownHosts, "utf8")).toContain(
      `[127.0.0.2]:${endpoint?.sshPort} ssh-ed25519 `,
    );
    expect(await contextText()).toContain(`tcp://127.0.0.2:${endpoint?.dockerPort}`);
    expect(world.warnings).toEqual([]);
  });

  test("keeps its certificate, byte for byte, at a start that does not move it", async () => {
    await createStopped();
    const before = await certificate();
    expect(await start()).toBe("changed");
    expect(await certificate()).toBe(before);
    expect(await seedCertificate()).toBe(before);
    expect(world.steps).not.toContain("Giving the engine a certificate for 127.0.0.2");
    expect(world.warnings).toEqual([]);
  });

  test("is told, stored and certified where a start has moved it", async () => {
    await createStopped();
    world.provider.address = "127.0.0.3";
    expect(await start()).toBe("changed");
    const { endpoint } = await record();
    expect(endpoint?.address).toBe("127.0.0.3");
    expect(await world.certifiedAddresses()).toEqual(["127.0.0.3"]);
    expect(await readFile(layout().knownHosts, "utf8")).toMatch(/^\[127\.0\.0\.3\]:/);
    expect(await contextText()).toContain(engineUrl(await record()));
    expect(world.warnings).toEqual([
      'machine "dev" has moved: address from 127.0.0.2 to 127.0.0.3; where its settings are in use, evaluate them again: eval "$(tsmachine env dev)"; docker context "dev" is up to date',
    ]);
  });

  test("is followed where it moves while its engine is waited for", async () => {
    await createStopped();
    // What the hypervisor knows at first is of another start: nobody is there.
    world.provider.whenOn = () => world.provider.move("dev", "127.0.0.7");
    const starting = start();
    await vi.waitFor(() => expect(world.steps).toContain("Waiting for the engine"), 10_000);
    await world.provider.move("dev", "127.0.0.4");
    expect(await starting).toBe("changed");
    expect((await record()).endpoint?.address).toBe("127.0.0.4");
    expect(await world.certifiedAddresses()).toEqual(["127.0.0.4"]);
  });

  test("fails at its limit when no address comes, and says that it was waited for", async () => {
    world.provider.address = "";
    await expect(create(1_000)).rejects.toMatchObject({
      code: "TIMEOUT",
      message: 'machine "dev" had no address within 1 s; its console ends with: fake guest is up',
      hints: ["give it longer: TSMACHINE_BOOT_TIMEOUT=2"],
    });
    expect(world.steps).toContain("Waiting for an address (failed)");
    expect(await world.context.store.listMachineNames()).toEqual([]);
  });

  test("keeps its last address in mind when a start brings none", async () => {
    await createStopped();
    world.provider.address = "";
    await expect(start(1_000)).rejects.toMatchObject({ code: "TIMEOUT" });
    expect((await record()).endpoint?.address).toBe("127.0.0.2");
    await world.provider.move("dev", "127.0.0.2");
    expect(await start()).toBe("unchanged");
  });

  test.each<{ what: string; guest: Guest; console: string[]; cause: string }>([
    {
      what: "ends",
      guest: { lastWords: ["tsmachine: FAILED network: no card"] },
      console: ["tsmachine: FAILED network: no card"],
      cause: "network: no card",
    },
    {
      what: "panics",
      guest: "serving",
      console: ["Kernel panic - not syncing"],
      cause: "Kernel panic - not syncing",
    },
  ])("fails early when it $what while its address is waited for", async (row) => {
    await createStopped();
    const { guest, console, cause } = row;
    Object.assign(world.provider, { guest, console, address: "" });
    await expect(start()).rejects.toMatchObject({
      code: "MACHINE_FAILED",
      message: `machine "dev" failed before it had an address: ${cause}`,
      context: { console },
    });
    const { instance } = await openMachine(world.context, "dev");
    expect(await instance.power(recordedOperation())).toBe("stopped");
  });

  test("is found again by `start` when it has moved while it ran", async () => {
    await create();
    world.provider.calls.length = 0;
    await world.provider.move("dev", "127.0.0.3");
    expect(await start()).toBe("moved");
    expect(world.provider.calls).toEqual([]);
    expect((await record()).endpoint?.address).toBe("127.0.0.3");
    expect(await world.certifiedAddresses()).toEqual(["127.0.0.3"]);
    expect(world.warnings).toEqual([expect.stringContaining("from 127.0.0.2 to 127.0.0.3")]);
    const { mtimeMs } = await stat(layout().record);
    expect(await start()).toBe("unchanged");
    expect((await stat(layout().record)).mtimeMs).toBe(mtimeMs);
  });

  test("is certified by the next `start` when one was killed that had stored its address", async () => {
    await create();
    await world.provider.move("dev", "127.0.0.3");
    const machine = await openMachine(world.context, "dev");
    const { sshPort = 0, dockerPort = 0 } = machine.record.endpoint ?? {};
    await storeEndpoint(world.context, machine, { address: "127.0.0.3", sshPort, dockerPort });
    expect(await start()).toBe("moved");
    expect(await world.certifiedAddresses()).toEqual(["127.0.0.3"]);
  });

  test("is provisioned and given new certificates where it is by now", async () => {
    await create();
    await world.provider.move("dev", "127.0.0.3");
    expect(await regenerateCertificates(world.context, "dev", limits)).toBe("provisioned");
    expect(await world.certifiedAddresses()).toEqual(["127.0.0.3"]);
    await world.provider.move("dev", "127.0.0.2");
    const changes = { labels: ["a=b"] };
    const provisioning = provisionMachine(world.context, "dev", { changes, bootTimeoutMs: 3_000 });
    // The fake engine keeps its certificate: what counts is where it was looked for, and with what.
    await expect(provisioning).rejects.toMatchObject({ code: "TIMEOUT" });
    expect(await record()).toMatchObject({
      endpoint: { address: "127.0.0.2" },
      engine: { labels: [] },
    });
    expect(await world.guest.files()).toContain("a=b");
  });

  test("that is off has certificates made for its last address", async () => {
    await createStopped();
    expect(await regenerateCertificates(world.context, "dev", limits)).toBe("stored");
    expect(await world.certifiedAddresses()).toEqual(["127.0.0.2"]);
  });
});

async function contextText(): Promise<string> {
  const metas = join(world.context.dockerConfig, "contexts", "meta");
  const [folder = ""] = await readdir(metas);
  return readFile(join(metas, folder, "meta.json"), "utf8");
}
