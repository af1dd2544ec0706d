import { X509Certificate } from "node:crypto";
import { expect, test } from "vitest";
import { createAuthority } from "../../../src/certs/authority.ts";
import { isCertifiedFor } from "../../../src/certs/certified-for.ts";
import { issueServerCertificate } from "../../../src/certs/issue.ts";
import { serverSubjectNames } from "../../../src/certs/subject-names.ts";

test.each([
  { address: "192.0.2.7", certifies: { "192.0.2.7": true, "192.0.2.8": false, dev: true } },
  { address: "2001:db8::7", certifies: { "2001:db8:0::7": true, "2001:db8::8": false } },
  { address: "dev.example", certifies: { "DEV.example": true, "x.dev.example": false } },
  { address: "", certifies: { dev: true, "127.0.0.1": true, "192.0.2.7": false } },
])('a certificate of a machine at "$address" is for $certifies', async ({ address, certifies }) => {
  const now = new Date();
  const subjectNames = serverSubjectNames({ name: "dev", address, tlsSans: [] });
  const request = { machineName: "dev", subjectNames, now };
  const { certificate } = await issueServerCertificate(await createAuthority({ now }), request);
  const shown = new X509Certificate(certificate);
  for (const [name, expected] of Object.entries(certifies)) {
    expect(isCertifiedFor(shown, name), name).toBe(expected);
  }
});
