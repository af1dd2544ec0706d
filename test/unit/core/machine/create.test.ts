import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { readCertificate } from "../../../../src/certs/read-certificate.ts";
import { createMachine } from "../../../../src/core/machine/create.ts";
import { readIso } from "../../../support/archives/iso-reader.ts";
import { createFakeProvider } from "../../../support/providers/fake-provider.ts";
import {
  type CoreWorld,
  coreWorld,
  createRequest,
  runningMachine,
} from "../../../support/worlds/core-world.ts";

vi.setConfig({ testTimeout: 30_000 });

const directoryOf = ({ context }: CoreWorld, name = "dev") =>
  context.store.machineLayout(name).directory;

describe("a new machine", () => {
  test("has a record that says all that is needed to reopen it", async () => {
    const world = await coreWorld();
    const record = await runningMachine(world, { tlsSans: ["docker.example"] });
    expect(await world.context.store.readMachine("dev")).toEqual(record);
    const endpoint = { address: "127.0.0.1", sshPort: expect.any(Number) };
    expect(record).toMatchObject({
      ...{ schemaVersion: 1, name: "dev", phase: "ready", architecture: "amd64" },
      provider: { id: "fake", record: { name: "dev", memoryMiB: 1024 }, options: {} },
      images: { boot: expect.stringMatching(/^[0-9a-f]{16}$/), engine: expect.any(String) },
      tlsSans: ["docker.example"],
      endpoint,
      sshHostKey: expect.stringMatching(/^ssh-ed25519 \S+ dev$/),
    });
    expect(world.warnings).toEqual([]);
  });

  test("remembers by which alias its provider was chosen", async () => {
    const world = await coreWorld({ provider: createFakeProvider({ aliases: ["imitation"] }) });
    await runningMachine(world, { providerId: "imitation" });
    const { provider } = await world.context.store.readMachine("dev");
    expect(provider).toMatchObject({ id: "fake", givenId: "imitation" });
    expect(await runningMachine(world, { name: "other" })).not.toHaveProperty("provider.givenId");
  });

  test("takes these steps, and its provider these calls", async () => {
    const world = await coreWorld();
    await runningMachine(world);
    expect(world.steps).toEqual([
      "Running pre-create checks",
      "Preparing the boot image",
      "Preparing the engine image",
      "Making keys and certificates",
      'Creating machine "dev"',
      'Starting machine "dev"',
      "Waiting for the engine",
    ]);
    expect(world.provider.calls).toEqual(["create dev", "start dev"]);
  });

  test("is recorded before its provider makes anything", async () => {
    const world = await coreWorld();
    world.provider.guest = "serving";
    const { store } = world.context;
    const phases: string[] = [];
    const progress = { ...world.context.progress };
    const context = {
      ...world.context,
      progress: {
        step: async <T>(title: string, action: Parameters<typeof progress.step<T>>[1]) => {
          if (/^(Creating|Starting|Waiting)/.test(title)) {
            phases.push((await store.readMachine("dev")).phase);
          }
          return progress.step(title, action);
        },
      },
    };
    await createMachine(context, createRequest());
    expect(phases).toEqual(["creating", "creating", "creating"]);
    expect((await store.readMachine("dev")).phase).toBe("ready");
  });

  test("has a folder for its owner alone", async () => {
    const world = await coreWorld();
    await runningMachine(world);
    const folder = directoryOf(world);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect((await readdir(folder)).sort()).toEqual([
      ...[
        "ca.pem",
        "cert.pem",
        "id_rsa",
        "id_rsa.pub",
        "images.lock.json",
        "key.pem",
        "known_hosts",
      ],
      ...["machine.json", "seed.iso", "server-key.pem", "server.pem", "ssh_host_ed25519_key"],
    ]);
    for (const name of await readdir(folder)) {
      expect([name, (await stat(join(folder, name))).mode & 0o777]).toEqual([name, 0o600]);
    }
  });

  test("has a server certificate for every name it is reached by", async () => {
    const world = await coreWorld();
    await runningMachine(world, { tlsSans: ["docker.example", "192.0.2.7", "::1"] });
    const certificate = await readFile(join(directoryOf(world), "server.pem"), "utf8");
    expect([...(await readCertificate(certificate)).subjectNames].sort()).toEqual(
      ["127.0.0.1", "192.0.2.7", "::1", "dev", "docker.example", "localhost"].sort(),
    );
  });

  test("is told who it is by its seed image", async () => {
    const world = await coreWorld();
    const request = createRequest();
    await runningMachine(world, {
      engine: { ...request.engine, environment: { HTTP_PROXY: "http://proxy.example:3128" } },
    });
    const folder = directoryOf(world);
    const seed = readIso(await readFile(join(folder, "seed.iso")));
    const textOf = (path: string) => seed.get(path)?.content.toString();
    const fileOf = (name: string) => readFile(join(folder, name), "utf8");
    expect(textOf("hostname")).toBe("dev\n");
    expect(textOf("environment")).toBe("HTTP_PROXY=http://proxy.example:3128\nNO_PROXY=dev\n");
    expect(textOf("authorized_keys")).toBe(await fileOf("id_rsa.pub"));
    expect(textOf("ssh_host_ed25519_key")).toBe(await fileOf("ssh_host_ed25519_key"));
    expect(textOf("docker/ca.pem")).toBe(await fileOf("ca.pem"));
    expect(textOf("docker/server.pem")).toBe(await fileOf("server.pem"));
    expect(textOf("docker/server-key.pem")).toBe(await fileOf("server-key.pem"));
    expect(JSON.parse(textOf("docker/daemon.json") ?? "")).toMatchObject({ tlsverify: true });
    const files = [...seed].filter(([, { mode }]) => (mode & 0o170000) === 0o100000);
    expect(files.every(([, { mode }]) => (mode & 0o777) === 0o600)).toBe(true);
  });

  test("is pinned to its host key", async () => {
    const world = await coreWorld();
    const { endpoint, sshHostKey } = await runningMachine(world);
    const [type, key] = sshHostKey.split(" ");
    expect(await readFile(join(directoryOf(world), "known_hosts"), "utf8")).toBe(
      `[127.0.0.1]:${endpoint?.sshPort} ${type} ${key}\n`,
    );
  });

  test("is opened with the images from the cache and its own seed image", async () => {
    const world = await coreWorld();
    const { images } = await runningMachine(world);
    const { layout } = world.context.store;
    const boot = join(layout.cache, "images", `boot-${images.boot}`);
    expect(world.provider.places.at(-1)).toEqual({
      directory: directoryOf(world),
      images: {
        kernel: join(boot, "kernel"),
        initramfs: join(boot, "initramfs"),
        bootIso: join(boot, "boot.iso"),
        engineImage: join(layout.cache, "images", `engine-${images.engine}`, "engine.iso"),
        seedImage: join(directoryOf(world), "seed.iso"),
        commandLine: "console=ttyS0 quiet",
      },
    });
  });

  test("shares authority, images and client certificate with the machines before it", async () => {
    const world = await coreWorld();
    await runningMachine(world);
    const { length } = world.packages.requests;
    await runningMachine(world, { name: "other" });
    expect(world.packages.requests).toHaveLength(length);
    for (const name of ["ca.pem", "cert.pem", "key.pem"]) {
      const [one, two] = await Promise.all(
        ["dev", "other"].map((machine) =>
          readFile(join(directoryOf(world, machine), name), "utf8"),
        ),
      );
      expect(one).toBe(two);
    }
    const own = await readFile(join(directoryOf(world, "other"), "id_rsa"), "utf8");
    expect(own).not.toBe(await readFile(join(directoryOf(world), "id_rsa"), "utf8"));
  });
});
