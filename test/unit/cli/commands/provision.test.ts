import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { createAuthority } from "../../../../src/certs/authority.ts";
import { createCommand } from "../../../../src/cli/commands/machine/create.ts";
import { provisionCommand } from "../../../../src/cli/commands/machine/provision.ts";
import { regenerateCertsCommand } from "../../../../src/cli/commands/machine/regenerate-certs.ts";
import { stopMachine } from "../../../../src/core/machine/power.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";
import { runCommand } from "../../../support/worlds/cli-world.ts";
import { type CoreWorld, coreWorld, runningMachine } from "../../../support/worlds/core-world.ts";
import { readSeed } from "../../../support/worlds/read-seed.ts";

vi.setConfig({ testTimeout: 60_000 });

async function worldWithStopped(): Promise<CoreWorld> {
  const world = await coreWorld();
  await runningMachine(world);
  await stopMachine(world.context, "dev");
  return world;
}

const engineOf = async ({ context }: CoreWorld) => (await context.store.readMachine("dev")).engine;

test("create gives the engine the authorities of the files, and refuses others before anything is made", async () => {
  const world = await coreWorld();
  world.provider.guest = "serving";
  const { certificate, key } = await createAuthority({ now: new Date() });
  const path = join(await temporaryDirectory(), "ca.crt");
  const create = () =>
    runCommand(world, createCommand, ["-d", "fake", "--ca-cert", path, "dev"], { environment: {} });
  await writeFile(path, certificate + key);
  await expect(create()).rejects.toMatchObject({ code: "CERTIFICATE_INVALID" });
  expect(world.steps).toEqual([]);
  await writeFile(path, certificate);
  await create();
  expect((await readSeed(world.context, "dev"))("authorities.pem")).toBe(certificate);
});

describe("create takes docker-machine's variables for engines", () => {
  const create = async (args: string[], environment: Record<string, string>) => {
    const world = await coreWorld();
    world.provider.guest = "serving";
    await runCommand(world, createCommand, ["-d", "fake", ...args, "dev"], { environment });
    return engineOf(world);
  };

  test("for mirrors, unless flags name some", async () => {
    const environment = { ENGINE_REGISTRY_MIRROR: "https://a.example,https://b.example" };
    expect(await create([], environment)).toMatchObject({
      registryMirrors: ["https://a.example", "https://b.example"],
    });
    const flags = ["--engine-registry-mirror", "https://c.example"];
    expect(await create(flags, environment)).toMatchObject({
      registryMirrors: ["https://c.example"],
    });
  });

  test.each([{ MACHINE_DOCKER_INSTALL_URL: "https://install.example" }])(
    "for the place to install from, which is refused where engines are in images",
    async (environment) => {
      const refused = { code: "INVALID_INPUT", message: /--engine-install-url is refused/ };
      await expect(create([], environment)).rejects.toMatchObject({
        ...refused,
        message: expect.stringMatching(refused.message),
      });
      const standard = ["--engine-install-url", "https://get.docker.com/"];
      expect(await create(standard, environment)).not.toHaveProperty("installUrl");
    },
  );
});

describe("provision", () => {
  test("replaces the options that are given, and says when they count", async () => {
    const world = await worldWithStopped();
    const flags = ["--engine-label", "a=b", "--engine-env", "TEST=VALUE", "--engine-opt", "mtu=9"];
    const { stdout } = await runCommand(world, provisionCommand, [...flags, "dev"]);
    expect(stdout).toBe('Machine "dev" is switched off: it is provisioned at its next start.\n');
    await runCommand(world, provisionCommand, ["--engine-label", "", "--engine-env", "", "dev"]);
    expect(await engineOf(world)).toMatchObject({
      ...{ labels: [], environment: {}, arbitraryFlags: ["mtu=9"] },
    });
  });

  test("keeps the authorities of the files that are given, until an empty value", async () => {
    const world = await worldWithStopped();
    const { certificate } = await createAuthority({ now: new Date() });
    const path = join(await temporaryDirectory(), "ca.crt");
    await writeFile(path, `the authority\n${certificate}`);
    const kept = async () => (await world.context.store.readMachineFiles("dev")).trustedAuthorities;
    await runCommand(world, provisionCommand, ["--ca-cert", path, "dev"]);
    expect(await kept()).toBe(certificate);
    await runCommand(world, provisionCommand, ["dev"]);
    expect(await kept()).toBe(certificate);
    await runCommand(world, provisionCommand, ["--ca-cert", "", "dev"]);
    expect(await kept()).toBe("");
  });

  test("repeats no password of a variable that it does not understand", async () => {
    const world = await worldWithStopped();
    const flags = ["--engine-env", "HTTP PROXY=http://jo:s3cr3t@proxy.example"];
    await expect(runCommand(world, provisionCommand, [...flags, "dev"])).rejects.toMatchObject({
      code: "INVALID_INPUT",
      message: '--engine-env "HTTP…" is not of the form NAME=VALUE',
    });
  });

  test("prints JSON when asked", async () => {
    const world = await worldWithStopped();
    const { stdout } = await runCommand(world, provisionCommand, ["--json", "dev"]);
    expect(JSON.parse(stdout)).toEqual([{ name: "dev", outcome: "stored" }]);
  });

  test("tells of the machines that it could provision when another is not there", async () => {
    const world = await worldWithStopped();
    await expect(runCommand(world, provisionCommand, ["nobody", "dev"])).rejects.toMatchObject({
      code: "MACHINE_NOT_FOUND",
    });
  });
});

describe("regenerate-certs", () => {
  const certificates = async ({ context }: CoreWorld) => {
    const { certificate, serverCertificate } = await context.store.readMachineFiles("dev");
    return { certificate, serverCertificate };
  };

  test.each([
    { typed: "n\n", args: [], stdout: "", server: false, client: false },
    { typed: "y\n", args: [], stdout: "Regenerating", server: true, client: false },
    { typed: "", args: ["-f"], stdout: "Regenerating", server: true, client: false },
    { typed: "", args: ["-f", "--client-certs"], stdout: "Regen", server: true, client: true },
  ])("asks, and renews what it is told: $typed $args", async (row) => {
    const world = await worldWithStopped();
    const former = await certificates(world);
    const { typed } = row;
    const result = await runCommand(world, regenerateCertsCommand, [...row.args, "dev"], { typed });
    expect(result.stdout.startsWith(row.stdout)).toBe(true);
    expect(result.stderr.includes("Warning: this is irreversible. (y/n): ")).toBe(typed !== "");
    const now = await certificates(world);
    expect(now.serverCertificate !== former.serverCertificate).toBe(row.server);
    expect(now.certificate !== former.certificate).toBe(row.client);
  });

  test("is refused with a hint when nobody can answer", async () => {
    const world = await worldWithStopped();
    await expect(runCommand(world, regenerateCertsCommand, ["dev"])).rejects.toMatchObject({
      code: "INVALID_INPUT",
      hints: ["answer yes beforehand with `-f`"],
    });
  });

  test("asks nothing about a machine that is not there", async () => {
    const world = await coreWorld();
    const asked = runCommand(world, regenerateCertsCommand, ["nobody"], { typed: "y\n" });
    await expect(asked).rejects.toMatchObject({ code: "MACHINE_NOT_FOUND" });
  });
});
