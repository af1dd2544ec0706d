import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { createAuthority } from "../../../src/certs/authority.ts";
import type { Authority, Bundle } from "../../../src/certs/bundle.ts";
import { issueClientCertificate, issueServerCertificate } from "../../../src/certs/issue.ts";
import { needsRenewal } from "../../../src/certs/read-certificate.ts";
import { run } from "../../../src/host/processes/run.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const now = new Date();
const subjectNames = ["127.0.0.1", "::1", "localhost", "dev", "docker.example"];
let authority: Authority;
let server: Bundle;
let client: Bundle;

beforeAll(async () => {
  authority = await createAuthority({ now });
  server = await issueServerCertificate(authority, { machineName: "dev", subjectNames, now });
  client = await issueClientCertificate(authority, { now });
});

async function openssl(args: string[], files: Record<string, string> = {}) {
  const cwd = await temporaryDirectory();
  for (const [name, text] of Object.entries(files)) await writeFile(join(cwd, name), text);
  const { stdout, stderr, exitCode } = await run("openssl", args, {
    cwd,
    acceptExitCodes: "all",
  });
  return { cwd, exitCode, output: stdout + stderr };
}

/** -x509_strict among the options also checks what RFC 5280 demands of the extensions. */
function verify(bundle: Bundle, purpose: "sslserver" | "sslclient", ...options: string[]) {
  const args = ["verify", "-CAfile", "ca.pem", "-purpose", purpose];
  return openssl([...args, ...options, "cert.pem"], {
    "ca.pem": bundle.ca,
    "cert.pem": bundle.certificate,
  });
}

describe("openssl", () => {
  test("accepts the server as a server, under each of its names, and not as a client", async () => {
    expect(await verify(server, "sslserver", "-x509_strict")).toMatchObject({ exitCode: 0 });
    expect(await verify(server, "sslserver", "-verify_hostname", "dev")).toMatchObject({
      exitCode: 0,
    });
    expect(await verify(server, "sslserver", "-verify_ip", "::1")).toMatchObject({ exitCode: 0 });
    expect(await verify(server, "sslserver", "-verify_hostname", "other")).not.toMatchObject({
      exitCode: 0,
    });
    expect(await verify(server, "sslclient")).not.toMatchObject({ exitCode: 0 });
  });

  test("accepts the client as a client and not as a server", async () => {
    expect(await verify(client, "sslclient", "-x509_strict")).toMatchObject({ exitCode: 0 });
    expect(await verify(client, "sslserver")).not.toMatchObject({ exitCode: 0 });
  });

  test("refuses both under another authority", async () => {
    const { certificate: ca } = await createAuthority({ now });
    expect(await verify({ ...client, ca }, "sslclient")).not.toMatchObject({ exitCode: 0 });
  });

  test("shows every name and the key's uses", async () => {
    const { output } = await openssl(["x509", "-in", "cert.pem", "-noout", "-text"], {
      "cert.pem": server.certificate,
    });
    expect(output).toContain(
      "IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1, DNS:localhost, DNS:dev, DNS:docker.example",
    );
    expect(output).toMatch(/Basic Constraints: critical\s+CA:FALSE/);
    expect(output).toMatch(/Key Usage: critical\s+Digital Signature\n/);
    expect(output).toMatch(/Extended Key Usage: \s+TLS Web Server Authentication\n/);
    expect(output).toContain("Authority Key Identifier");
    expect(output).toContain("ASN1 OID: prime256v1");
  });

  test("shows the authority as one that signs parties only", async () => {
    const { output } = await openssl(["x509", "-in", "ca.pem", "-noout", "-text"], {
      "ca.pem": authority.certificate,
    });
    expect(output).toMatch(/Basic Constraints: critical\s+CA:TRUE, pathlen:0/);
    expect(output).toMatch(/Key Usage: critical\s+Certificate Sign, CRL Sign/);
  });

  test("reads each private key", async () => {
    for (const { key } of [authority, server, client]) {
      const args = ["pkey", "-in", "key.pem", "-noout", "-check"];
      expect(await openssl(args, { "key.pem": key })).toMatchObject({ exitCode: 0 });
    }
  });
});

describe("an authority made by another program", () => {
  const makers = [
    {
      kind: "RSA, its key in PKCS#1, as docker-machine makes it",
      key: ["genrsa", "-traditional", "-out", "key.pem", "2048"],
    },
    {
      kind: "P-384, its key in SEC 1",
      key: ["ecparam", "-name", "secp384r1", "-genkey", "-noout", "-out", "key.pem"],
    },
  ];

  test.each(makers)("signs parties that openssl accepts ($kind)", async ({ key }) => {
    const { cwd } = await openssl(key);
    const subject = ["-subj", "/O=someone", "-days", "400", "-key", join(cwd, "key.pem")];
    const made = await openssl(["req", "-x509", "-new", ...subject]);
    const { output: certificate } = made;
    const { output: keyPem } = await openssl(["pkey", "-traditional", "-in", join(cwd, "key.pem")]);
    const foreign = await issueClientCertificate({ certificate, key: keyPem }, { now });
    expect(await verify(foreign, "sslclient")).toMatchObject({ exitCode: 0 });
    expect(await needsRenewal(foreign, { now, subjectNames: [] })).toBe(false);
  });
});
