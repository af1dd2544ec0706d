import { createPrivateKey, generateKeyPairSync, X509Certificate } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { createAuthority } from "../../../src/certs/authority.ts";
import type { Authority } from "../../../src/certs/bundle.ts";
import { issueClientCertificate, issueServerCertificate } from "../../../src/certs/issue.ts";
import { importKeyPair } from "../../../src/certs/keys.ts";
import { needsRenewal, readCertificate } from "../../../src/certs/read-certificate.ts";

const now = new Date("2026-03-01T12:00:00Z");
const subjectNames = ["127.0.0.1", "::1", "localhost", "dev"];
const dayMs = 24 * 60 * 60 * 1000;

let authority: Authority;
beforeAll(async () => {
  authority = await createAuthority({ now });
});

const issueServer = (when = now) =>
  issueServerCertificate(authority, { machineName: "dev", subjectNames, now: when });

function daysFromNow(days: number): Date {
  return new Date(now.getTime() + days * dayMs);
}

describe("createAuthority", () => {
  test("signs itself, for ten years from yesterday", async () => {
    const certificate = new X509Certificate(authority.certificate);
    expect(certificate.ca).toBe(true);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.subject).toMatch(/^O=tsmachine\nCN=tsmachine CA [0-9a-f]{8}$/);
    const { notBefore, notAfter } = await readCertificate(authority.certificate);
    expect({ notBefore, notAfter }).toEqual({
      notBefore: daysFromNow(-1),
      notAfter: daysFromNow(3650),
    });
  });

  test("gives every store an authority of another name", async () => {
    const other = await createAuthority({ now });
    expect(new X509Certificate(other.certificate).subject).not.toBe(
      new X509Certificate(authority.certificate).subject,
    );
  });
});

describe("issuing", () => {
  test("a server certificate carries exactly the names asked for", async () => {
    const server = await issueServer();
    expect(await readCertificate(server.certificate)).toEqual({
      notBefore: daysFromNow(-1),
      notAfter: daysFromNow(1095),
      subjectNames,
    });
  });

  test("each party's key is ECDSA P-256 in PKCS#8 and belongs to its certificate", async () => {
    for (const bundle of [await issueServer(), await issueClientCertificate(authority, { now })]) {
      const key = createPrivateKey(bundle.key);
      expect(bundle.key).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
      expect(key.asymmetricKeyDetails).toEqual({ namedCurve: "prime256v1" });
      expect(new X509Certificate(bundle.certificate).checkPrivateKey(key)).toBe(true);
      expect(bundle.ca).toBe(authority.certificate);
    }
  });

  test("the roles are told apart by extended key usage", async () => {
    const server = new X509Certificate((await issueServer()).certificate);
    const client = new X509Certificate(
      (await issueClientCertificate(authority, { now })).certificate,
    );
    expect(server.keyUsage).toEqual(["1.3.6.1.5.5.7.3.1"]);
    expect(client.keyUsage).toEqual(["1.3.6.1.5.5.7.3.2"]);
  });

  test("serial numbers are positive, long and never the same", async () => {
    const bundles = await Promise.all(Array.from({ length: 20 }, () => issueServer()));
    const serials = bundles.map(({ certificate }) => new X509Certificate(certificate).serialNumber);
    expect(new Set(serials).size).toBe(20);
    for (const serial of serials) expect(serial).toMatch(/^[0-9A-F]{26,32}$/);
  });

  test("nothing outlives the authority", async () => {
    const { notAfter } = await readCertificate((await issueServer(daysFromNow(3000))).certificate);
    expect(notAfter).toEqual(daysFromNow(3650));
  });

  test("an authority that has ended is refused, with what to do", async () => {
    await expect(issueServer(daysFromNow(3651))).rejects.toMatchObject({
      code: "CERTIFICATE_INVALID",
      message: expect.stringContaining("ended on"),
      hints: [expect.stringContaining("certs")],
    });
  });

  test("a name that no certificate can carry is refused", async () => {
    const request = { machineName: "dev", subjectNames: ["not a name"], now };
    await expect(issueServerCertificate(authority, request)).rejects.toMatchObject({
      code: "INVALID_INPUT",
    });
  });

  test.each([
    ["a key of another authority", generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey],
    ["no key at all", "nonsense"],
  ])("an authority with %s is refused", async (_, key) => {
    const pem = typeof key === "string" ? key : key.export({ type: "pkcs8", format: "pem" });
    const broken = { ...authority, key: pem.toString() };
    await expect(issueClientCertificate(broken, { now })).rejects.toMatchObject({
      code: "CERTIFICATE_INVALID",
    });
  });

  test("a key of a type that TLS peers may not know is refused by name", async () => {
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "secp256k1" });
    const pem = privateKey.export({ type: "sec1", format: "pem" }).toString();
    await expect(importKeyPair(pem)).rejects.toMatchObject({ code: "CERTIFICATE_INVALID" });
  });
});

describe("needsRenewal", () => {
  const cases: {
    title: string;
    at?: Date;
    names?: string[];
    change?: () => Promise<{ ca?: string; certificate?: string; key?: string }>;
    renew: boolean;
  }[] = [
    { title: "fresh certificate", renew: false },
    {
      title: "certificate whose names come in another order",
      names: [...subjectNames].reverse(),
      renew: false,
    },
    { title: "certificate with 31 days left", at: daysFromNow(1095 - 31), renew: false },
    { title: "certificate with 29 days left", at: daysFromNow(1095 - 29), renew: true },
    { title: "certificate that lacks a name", names: [...subjectNames, "192.0.2.7"], renew: true },
    { title: "certificate with a name too many", names: subjectNames.slice(1), renew: true },
    {
      title: "certificate of another authority",
      change: async () => ({ ca: (await createAuthority({ now })).certificate }),
      renew: true,
    },
    {
      title: "certificate with another's key",
      change: async () => ({ key: (await issueServer()).key }),
      renew: true,
    },
    { title: "torn certificate", change: async () => ({ certificate: "-----BEGIN" }), renew: true },
    { title: "torn key", change: async () => ({ key: "" }), renew: true },
  ];

  test.each(cases)("is $renew for a $title", async ({ at, names, change, renew }) => {
    const bundle = { ...(await issueServer()), ...(await change?.()) };
    const wanted = { now: at ?? now, subjectNames: names ?? subjectNames };
    expect(await needsRenewal(bundle, wanted)).toBe(renew);
  });
});
