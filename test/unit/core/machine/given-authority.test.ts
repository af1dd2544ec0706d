import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { createAuthority } from "../../../../src/certs/authority.ts";
import { issueClientCertificate } from "../../../../src/certs/issue.ts";
import { isConsistent } from "../../../../src/certs/read-certificate.ts";
import { createMachine } from "../../../../src/core/machine/create.ts";
import { ensureAuthority } from "../../../../src/core/machine/identity.ts";
import { restartMachine } from "../../../../src/core/machine/power.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";
import {
  type CoreWorld,
  coreWorld,
  createRequest,
  runningMachine,
} from "../../../support/worlds/core-world.ts";

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let world: CoreWorld;
let folder: string;
beforeEach(async () => {
  world = await coreWorld();
  folder = await temporaryDirectory();
});

/** Writes an authority and a client's bundle that it has signed; their paths. */
async function writeTlsFiles() {
  const place = await mkdtemp(join(folder, "tls-"));
  const now = new Date();
  const authority = await createAuthority({ now });
  const client = await issueClientCertificate(authority, { now });
  const write = async (name: string, text: string) => {
    await writeFile(join(place, name), text);
    return join(place, name);
  };
  return {
    authority: {
      certificate: await write("a.pem", authority.certificate),
      key: await write("a-key.pem", authority.key),
    },
    client: {
      certificate: await write("c.pem", client.certificate),
      key: await write("c-key.pem", client.key),
    },
  };
}

const filesOf = async () => {
  const {
    ca = "",
    certificate = "",
    key = "",
    ...server
  } = await world.context.store.readMachineFiles("dev");
  const { serverCertificate = "", serverKey = "" } = server;
  return { ca, certificate, key, serverCertificate, serverKey };
};

async function expectBundles(): Promise<void> {
  const { ca, certificate, key, serverCertificate, serverKey } = await filesOf();
  expect(isConsistent({ ca, certificate, key })).toBe(true);
  expect(isConsistent({ ca, certificate: serverCertificate, key: serverKey })).toBe(true);
}

describe("a machine with certificates of the user's own", () => {
  test("has them in its folder, after a restart too, and the store gets no authority", async () => {
    const tlsFiles = await writeTlsFiles();
    const record = await runningMachine(world, { tlsFiles });
    expect(record.tlsFiles).toEqual(tlsFiles);
    await restartMachine(world.context, "dev", { bootTimeoutMs: 10_000 });
    const { ca, certificate, key } = await filesOf();
    expect({ ca, certificate, key }).toEqual({
      ca: await readFile(tlsFiles.authority.certificate, "utf8"),
      certificate: await readFile(tlsFiles.client.certificate, "utf8"),
      key: await readFile(tlsFiles.client.key, "utf8"),
    });
    await expectBundles();
    await expect(readFile(join(world.context.store.layout.certs, "ca.pem"))).rejects.toThrow();
  });

  test("gets a client's certificate, and keeps it, when only an authority is given", async () => {
    const { authority } = await writeTlsFiles();
    await runningMachine(world, { tlsFiles: { authority } });
    const { certificate } = await filesOf();
    await expectBundles();
    await restartMachine(world.context, "dev", { bootTimeoutMs: 10_000 });
    expect((await filesOf()).certificate).toBe(certificate);
  });

  test("takes a client's certificate of the store's authority", async () => {
    const { ca, caKey } = await ensureAuthority(world.context);
    const { client } = await writeTlsFiles();
    const now = new Date();
    const issued = await issueClientCertificate({ certificate: ca, key: caKey }, { now });
    await writeFile(client.certificate, issued.certificate);
    await writeFile(client.key, issued.key);
    await runningMachine(world, { tlsFiles: { client } });
    expect((await filesOf()).certificate).toBe(issued.certificate);
    await expectBundles();
  });
});

describe("certificates of the user's own are refused, before anything is made,", () => {
  const create = (tlsFiles: Awaited<ReturnType<typeof writeTlsFiles>>) =>
    createMachine(world.context, createRequest({ tlsFiles }));

  test("when a file is not there", async () => {
    const tlsFiles = await writeTlsFiles();
    await rm(tlsFiles.authority.key);
    await expect(create(tlsFiles)).rejects.toMatchObject({
      code: "FILE_UNREADABLE",
      message: `there is no file ${tlsFiles.authority.key}`,
    });
    expect(world.steps).toEqual([]);
  });

  test.each(["nonsense", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"])(
    "when a certificate is none: %j",
    async (text) => {
      const tlsFiles = await writeTlsFiles();
      await writeFile(tlsFiles.client.certificate, text);
      await expect(create(tlsFiles)).rejects.toMatchObject({
        code: "CERTIFICATE_INVALID",
        message: `${tlsFiles.client.certificate} is no certificate of the key ${tlsFiles.client.key}`,
      });
      expect(world.steps).toEqual([]);
    },
  );

  test("when the key is another's", async () => {
    const [tlsFiles, others] = [await writeTlsFiles(), await writeTlsFiles()];
    const mixed = { ...tlsFiles, client: { ...tlsFiles.client, key: others.client.key } };
    await expect(create(mixed)).rejects.toMatchObject({ code: "CERTIFICATE_INVALID" });
  });
});

test("a client's certificate of another authority makes no machine", async () => {
  const [{ authority }, { client }] = [await writeTlsFiles(), await writeTlsFiles()];
  const request = createRequest({ tlsFiles: { authority, client } });
  await expect(createMachine(world.context, request)).rejects.toMatchObject({
    code: "CERTIFICATE_INVALID",
    message: "the client's certificate is not signed by the machine's authority",
  });
  expect(await world.context.store.listMachineNames()).toEqual([]);
});
