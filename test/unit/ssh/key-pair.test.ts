import { expect, test } from "vitest";
import { createKeyPair, isPublicKeyOf } from "../../../src/ssh/key-pair.ts";

test("a public key is told to be that of a private one", async () => {
  const [{ privateKey, publicKey }, other] = [
    await createKeyPair({ comment: "a" }),
    await createKeyPair({ comment: "b" }),
  ];
  expect(await isPublicKeyOf(privateKey, `${publicKey}\n`)).toBe(true);
  expect(await isPublicKeyOf(privateKey, other.publicKey)).toBe(false);
  expect(await isPublicKeyOf(privateKey, `${publicKey}\n${other.publicKey}\n`)).toBe(false);
  expect(await isPublicKeyOf(publicKey, publicKey)).toBe(false);
  expect(await isPublicKeyOf("garbage", publicKey)).toBe(false);
});
