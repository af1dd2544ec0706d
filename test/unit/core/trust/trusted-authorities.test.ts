import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { rootCertificates } from "node:tls";
import { expect, test } from "vitest";
import { createAuthority } from "../../../../src/certs/authority.ts";
import { hostAuthorityFiles } from "../../../../src/cli/authority-files.ts";
import { createMachine } from "../../../../src/core/machine/create.ts";
import { startMachine, stopMachine } from "../../../../src/core/machine/power.ts";
import { provisionMachine } from "../../../../src/core/machine/provision/provision.ts";
import { trustedAuthorities } from "../../../../src/core/trust/trusted-authorities.ts";
import { makePrivateDirectory } from "../../../../src/host/files/files.ts";
import { createFakeProvider } from "../../../support/providers/fake-provider.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";
import { coreWorld, createRequest, runningMachine } from "../../../support/worlds/core-world.ts";
import { readSeed } from "../../../support/worlds/read-seed.ts";

const now = new Date();
const given = (await createAuthority({ now })).certificate;
const another = (await createAuthority({ now })).certificate;
const hosts = (await createAuthority({ now })).certificate;
const limits = { bootTimeoutMs: 10_000 };

async function fileWith(content: string): Promise<string> {
  const path = join(await temporaryDirectory(), "ca.crt");
  await writeFile(path, content);
  return path;
}

const trustOf = ({ context }: Awaited<ReturnType<typeof coreWorld>>, pem = "") =>
  trustedAuthorities(context, { name: "dev", given: pem });

test("an engine trusts the given authorities and this host's, but not again those that everybody does", async () => {
  const path = await fileWith([hosts, given, rootCertificates[0]].join("\n"));
  const world = await coreWorld({ authorityFiles: [path] });
  expect(await trustOf(world, given)).toBe(given + hosts);
  expect(world.warnings).toEqual([]);
});

test("an engine trusts none of this host's authorities when the store's settings say so", async () => {
  const world = await coreWorld({ authorityFiles: [await fileWith(hosts)] });
  const { config, root } = world.context.store.layout;
  await makePrivateDirectory(root);
  await writeFile(config, '{"passAuthorities": false}');
  expect(await trustOf(world, given)).toBe(given);
});

test("a file of this host that is of no use is a warning", async () => {
  const bad = await fileWith("hello");
  const world = await coreWorld({ authorityFiles: [bad, await fileWith(hosts)] });
  expect(await trustOf(world)).toBe(hosts);
  expect(world.warnings).toEqual([
    `${bad} holds no certificate; engines do not trust what is in it`,
  ]);
});

test("a given authority that has expired is a warning", async () => {
  const world = await coreWorld();
  const { certificate } = await createAuthority({ now: new Date("2001-02-03T00:00:00Z") });
  expect(await trustOf(world, certificate)).toBe(certificate);
  expect(world.warnings).toEqual([
    expect.stringMatching(
      /^the authority "O=tsmachine, CN=.*" that machine "dev" was given has expired on 2011-/,
    ),
  ]);
});

test("given authorities whose file is damaged are a warning with the remedy", async () => {
  const world = await coreWorld({ authorityFiles: [await fileWith(hosts)] });
  expect(await trustOf(world, given.slice(0, 99))).toBe(hosts);
  expect(world.warnings).toEqual([
    'the file of the authorities that machine "dev" was given holds a damaged one, and its engine trusts none of them; give it them again with `tsmachine provision dev --ca-cert FILE`',
  ]);
});

test("authorities of create are the engine's at each start, until provision gives others", async () => {
  const world = await coreWorld();
  const { context } = world;
  await runningMachine(world, { authorities: given });
  expect((await readSeed(context, "dev"))("authorities.pem")).toBe(given);
  await stopMachine(context, "dev");
  const request = { changes: {}, authorities: another, ...limits };
  expect(await provisionMachine(context, "dev", request)).toBe("stored");
  await startMachine(context, "dev", limits);
  expect((await readSeed(context, "dev"))("authorities.pem")).toBe(another);
  await stopMachine(context, "dev");
  await provisionMachine(context, "dev", { changes: {}, ...limits });
  expect((await context.store.readMachineFiles("dev")).trustedAuthorities).toBe(another);
  await provisionMachine(context, "dev", { changes: {}, authorities: "", ...limits });
  await startMachine(context, "dev", limits);
  expect((await readSeed(context, "dev"))("authorities.pem")).toBe("");
});

test("a host that is only adopted is given no authorities", async () => {
  const provider = createFakeProvider({ capabilities: { ownsInstance: false } });
  const world = await coreWorld({ provider });
  await expect(
    createMachine(world.context, createRequest({ authorities: given })),
  ).rejects.toMatchObject({
    code: "INVALID_INPUT",
    message: expect.stringContaining("--ca-cert is refused"),
  });
});

test("files with this host's authorities are its administrator's and those that the program was told of", async () => {
  const folder = await temporaryDirectory();
  await mkdir(join(folder, "debian/below"), { recursive: true });
  await mkdir(join(folder, "fedora"));
  for (const name of ["debian/a.crt", "debian/below/b.crt", "debian/c.pem", "fedora/d"]) {
    await writeFile(join(folder, name), "");
  }
  const folders = [
    { path: join(folder, "debian"), ending: ".crt" },
    { path: join(folder, "fedora") },
    { path: join(folder, "missing") },
  ];
  const environment = { NODE_EXTRA_CA_CERTS: "/extra.pem", SSL_CERT_FILE: "/whole.pem" };
  const config = { caFile: "/configured.pem" };
  expect(await hostAuthorityFiles({ environment, config }, folders)).toEqual([
    ...["debian/a.crt", "debian/below/b.crt", "fedora/d"].map((name) => join(folder, name)),
    ...["/extra.pem", "/configured.pem"],
  ]);
  expect(await hostAuthorityFiles({ environment: {}, config: {} }, [])).toEqual([]);
});
