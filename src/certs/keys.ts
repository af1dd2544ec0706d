import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from "node:crypto";
import { promisify } from "node:util";
import { TsmachineError } from "../errors/tsmachine-error.ts";

/** A new ECDSA key on P-256, which every TLS library knows, as PKCS#8 PEM. */
export async function createPrivateKeyPem(): Promise<string> {
  const { privateKey } = await promisify(generateKeyPair)("ec", { namedCurve: "P-256" });
  return privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}

/**
 * The pair as WebCrypto keys. Takes PKCS#8, SEC 1 and PKCS#1, EC and RSA, because an
 * authority may have been made elsewhere (docker-machine's is RSA in PKCS#1).
 * @throws TsmachineError CERTIFICATE_INVALID when it is not such a key, or is encrypted.
 */
export async function importKeyPair(privateKeyPem: string): Promise<CryptoKeyPair> {
  const privateKey = parsePrivateKey(privateKeyPem);
  const publicKey = createPublicKey(privateKey);
  const algorithm = signatureAlgorithmOf(privateKey);
  const pkcs8 = privateKey.export({ type: "pkcs8", format: "der" });
  const spki = publicKey.export({ type: "spki", format: "der" });
  return {
    privateKey: await crypto.subtle.importKey("pkcs8", pkcs8, algorithm, false, ["sign"]),
    publicKey: await crypto.subtle.importKey("spki", spki, algorithm, true, ["verify"]),
  };
}

/** @throws TsmachineError CERTIFICATE_INVALID */
export function parsePrivateKey(pem: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch (cause) {
    throw new TsmachineError("CERTIFICATE_INVALID", "the private key is not readable as PEM", {
      cause,
    });
  }
}

const webCryptoCurves: Readonly<Record<string, string>> = {
  prime256v1: "P-256",
  secp384r1: "P-384",
  secp521r1: "P-521",
};

function signatureAlgorithmOf(key: KeyObject): EcKeyImportParams | RsaHashedImportParams {
  if (key.asymmetricKeyType === "rsa") return { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
  const namedCurve = webCryptoCurves[key.asymmetricKeyDetails?.namedCurve ?? ""];
  if (namedCurve === undefined) {
    throw new TsmachineError(
      "CERTIFICATE_INVALID",
      `the private key is of type ${key.asymmetricKeyType}; RSA and the NIST curves are supported`,
    );
  }
  return { name: "ECDSA", namedCurve };
}
