import { X509Certificate } from "node:crypto";
import { describe, expect, test } from "vitest";
import { createAuthority } from "../../../src/certs/authority.ts";
import { parseCertificateFile } from "../../../src/certs/certificate-file.ts";

const now = new Date("2026-01-01T00:00:00Z");
const one = await createAuthority({ now });
const other = await createAuthority({ now });

const bytes = (text: string) => Buffer.from(text);

describe("of a file of certificates are found", () => {
  test("all in PEM, whatever stands in between, with whose they are and until when", () => {
    const text = `Subject: one\r\n${one.certificate.replaceAll("\n", "\r\n")}\nother:\n${other.certificate}`;
    const parsed = parseCertificateFile(bytes(text));
    expect(parsed).toMatchObject({
      certificates: [{ pem: one.certificate }, { pem: other.certificate }],
    });
    const [first] = "certificates" in parsed ? parsed.certificates : [];
    expect(first?.subject).toMatch(/^O=tsmachine, CN=tsmachine CA [0-9a-f]{8}$/);
    expect(first?.notAfter.getUTCFullYear()).toBe(2035);
  });

  test("the one in DER", () => {
    const { raw } = new X509Certificate(one.certificate);
    expect(parseCertificateFile(raw)).toMatchObject({ certificates: [{ pem: one.certificate }] });
  });
});

describe("of no use is a file", () => {
  const der = (label: string) =>
    Buffer.from(one.key.replace(/-----[^-]+-----|\s/g, ""), "base64").toString(
      label === "der" ? "latin1" : "base64",
    );

  test.each([
    ["with a private key alone", one.key],
    ["with a certificate and its private key", one.certificate + one.key],
    ["with a private key of another kind", "-----BEGIN RSA PRIVATE KEY-----\nxx\n"],
    ["with an encrypted private key", "-----BEGIN ENCRYPTED PRIVATE KEY-----\nxx\n"],
    ["with a private key in DER", der("der")],
  ])("%s", (_, text) => {
    expect(parseCertificateFile(Buffer.from(text, "latin1"))).toEqual({
      problem: "holds a private key",
    });
  });

  test.each([
    ["that is empty", ""],
    ["that is something else", "<html>"],
    ["with a public key", "-----BEGIN PUBLIC KEY-----\nxx\n-----END PUBLIC KEY-----\n"],
  ])("%s", (_, text) => {
    expect(parseCertificateFile(bytes(text))).toEqual({ problem: "holds no certificate" });
  });

  test.each([
    ["cut short", one.certificate + other.certificate.slice(0, 200)],
    ["cut short in the middle", one.certificate.slice(0, 200) + other.certificate],
    ["changed", one.certificate.replace(/\n..../, "\n////")],
    ["with an empty block", "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n"],
  ])("%s", (_, text) => {
    expect(parseCertificateFile(bytes(text))).toEqual({ problem: "holds a damaged one" });
  });
});
