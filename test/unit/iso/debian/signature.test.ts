import { readFile } from "node:fs/promises";
import {
  createCleartextMessage,
  enums,
  generateKey,
  type PrivateKey,
  revokeKey,
  sign,
} from "openpgp";
import { beforeAll, describe, expect, test } from "vitest";
import { verifyClearSigned } from "../../../../src/iso/debian/release/signature.ts";
import {
  type ArchiveKey,
  generateArchiveKey,
  hoursAgo,
  testNow,
} from "../../../support/debian/repository.ts";

const text = "Suite: stable\nCodename: trixie\n- dash\n-----BEGIN PGP SIGNATURE-----\nlast line";
const name = "http://mirror.example/debian/dists/trixie/InRelease";
const keyDate = hoursAgo(1000);
const fixtures = new URL("../../../fixtures/openpgp/", import.meta.url);
const userIDs = [{ name: "Test Archive Key" }];

let key: ArchiveKey;
let good: string;
beforeAll(async () => {
  key = await generateArchiveKey();
  good = await signedBy([key.privateKey]);
});

async function signedBy(signingKeys: PrivateKey[], content = text): Promise<string> {
  const message = await createCleartextMessage({ text: content });
  return sign({ message, signingKeys, date: hoursAgo(2) });
}

const verify = (signed: string, keys: readonly string[] = [key.armored]) =>
  verifyClearSigned({ name, text: signed, keys, notAfter: testNow });

async function expectRefusal(signed: string, keys: string, problem: RegExp): Promise<void> {
  await expect(verify(signed, [keys])).rejects.toMatchObject({
    code: "SIGNATURE_INVALID",
    message: `${name} has no valid signature of a known key`,
    context: { problems: [expect.stringMatching(problem)] },
  });
}

describe("a text signed by a known key is given back as it was signed", () => {
  test.each<[title: string, edit: (signed: string) => string]>([
    ["untouched", (signed) => signed],
    ["with other line ends", (signed) => signed.replace(/\r?\n/g, "\r\n")],
    ["with blanks behind its lines", (signed) => signed.replace("trixie", "trixie \t")],
    ["with empty lines at the end of the file", (signed) => `${signed}\n\n`],
    ["without a line end at the end of the file", (signed) => signed.trimEnd()],
  ])("%s", async (_, edit) => {
    expect(await verify(edit(good))).toBe(text);
  });

  test("by one of two", async () => {
    const other = await generateArchiveKey();
    const both = await signedBy([other.privateKey, key.privateKey]);
    expect(await verify(both)).toBe(text);
    expect(await verify(both, [other.armored])).toBe(text);
  });

  test("by a subkey, as Debian does", async () => {
    const { privateKey, publicKey } = await generateKey({
      ...{ type: "curve25519", userIDs, date: keyDate, format: "object" },
      subkeys: [{ sign: true }],
    });
    const signed = await signedBy([privateKey]);
    expect(await verify(signed, [publicKey.armor()])).toBe(text);
    const withoutSubkey = publicKey.toPublic();
    withoutSubkey.subkeys = [];
    await expectRefusal(signed, withoutSubkey.armor(), /Could not find signing key/);
  });
});

describe("what is not exactly one signed text is refused unread", () => {
  test.each<[title: string, forge: (signed: string) => string]>([
    ["a line before it", (signed) => `Codename: forged\n${signed}`],
    ["an empty line before it", (signed) => `\n${signed}`],
    ["a line behind it", (signed) => `${signed}Codename: forged\n`],
    ["the text twice", (signed) => signed + signed],
    [
      "a second signature behind it",
      (signed) => signed + signed.slice(signed.indexOf("\n\n-----B") + 2),
    ],
    [
      "a signed text inside the signed text",
      (signed) => signed.replace("Suite", "-----BEGIN PGP SIGNED MESSAGE-----\nSuite"),
    ],
    [
      "a dash that was not escaped",
      (signed) => signed.replace("- -----BEGIN PGP", "-----BEGIN PGP"),
    ],
    [
      "an armored message",
      () => "-----BEGIN PGP MESSAGE-----\n\nyw==\n-----END PGP MESSAGE-----\n",
    ],
    [
      "an empty frame",
      () =>
        "-----BEGIN PGP SIGNED MESSAGE-----\n-----BEGIN PGP SIGNATURE-----\n-----END PGP SIGNATURE-----",
    ],
    ["a field among the headers", (signed) => signed.replace(/\n\n/, "\nSuite: forged\n\n")],
    ["no headers", (signed) => signed.replace(/Hash: .*\n/, "Suite: forged\n")],
    [
      "a signature that is no base64",
      (signed) => signed.replace(/(SIGNATURE-----\n\n).{8}/, "$1!!!!!!!!"),
    ],
    ["a signature without bytes", (signed) => signed.replace(/(SIGNATURE-----\n\n)[^-]*/, "$1")],
  ])("%s", async (_, forge) => {
    expect(forge(good)).not.toBe(good);
    await expect(verify(forge(good))).rejects.toMatchObject({ code: "SIGNATURE_INVALID" });
  });

  test("more signatures than anybody makes, before any is verified", async () => {
    const signed = await signedBy(Array.from({ length: 17 }, () => key.privateKey));
    await expect(verify(signed)).rejects.toMatchObject({
      code: "SIGNATURE_INVALID",
      message: `${name} has over 16 signatures`,
    });
  });
});

describe("a signature that is not a valid one of that text by a known key is refused", () => {
  test("of another text by the right key", async () => {
    const other = await signedBy([key.privateKey], "Suite: oldstable");
    const signature = (signed: string) => signed.slice(signed.indexOf("\n-----BEGIN PGP SIG"));
    const exchanged = good.replace(signature(good), signature(other));
    await expectRefusal(exchanged, key.armored, /Signed digest did not match/);
  });

  // Written by GnuPG 2.2 with --digest-algo: OpenPGP.js itself does not sign with SHA-1.
  test("with SHA-1, where SHA-256 by the same key is fine", async () => {
    const read = (file: string) => readFile(new URL(file, fixtures), "utf8");
    const rsaKey = await read("rsa-key.asc");
    const expected = "Suite: stable\nCodename: trixie";
    expect(await verify(await read("signed-with-sha256.txt"), [rsaKey])).toBe(expected);
    const signed = await read("signed-with-sha1.txt");
    await expectRefusal(signed, rsaKey, /Insecure message hash algorithm: SHA1/);
  });

  test.each([
    ["superseded before it signed", enums.reasonForRevocation.keySuperseded, hoursAgo(10)],
    ["compromised, whenever it signed", enums.reasonForRevocation.keyCompromised, hoursAgo(1)],
  ])("by a key that was %s", async (_, flag, date) => {
    const { publicKey } = await revokeKey({
      ...{ key: key.privateKey, date, format: "object" },
      reasonForRevocation: { flag, string: "" },
    });
    await expectRefusal(good, publicKey.armor(), /revoked/);
  });
});
