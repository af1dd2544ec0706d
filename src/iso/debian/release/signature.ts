import { TsmachineError } from "../../../errors/tsmachine-error.ts";

export interface SignedText {
  /** What holds the text, for messages: its URL. */
  readonly name: string;
  readonly text: string;
  /** Armored public keys, any of which may have signed. */
  readonly keys: readonly string[];
  /** Signatures made later than this are refused. */
  readonly notAfter: Date;
}

/**
 * The text that was signed, and nothing that stands around it: RFC 9580, section 7, cleartext
 * signature framework. One signature by one of the keys is enough, as for apt; the key has to be
 * valid at the time of signing.
 * @throws TsmachineError SIGNATURE_INVALID, with what is wrong with each signature.
 */
export async function verifyClearSigned({
  name,
  text,
  keys,
  notAfter,
}: SignedText): Promise<string> {
  const { readCleartextMessage, readKeys, verify } = await import("openpgp");
  const verificationKeys = await Promise.all(keys.map((armoredKeys) => readKeys({ armoredKeys })));
  const message = await readCleartextMessage({ cleartextMessage: text }).catch((cause: unknown) => {
    throw new TsmachineError("SIGNATURE_INVALID", `${name} is not signed`, { hints, cause });
  });
  const { data, signatures } = await verify({
    message,
    verificationKeys: verificationKeys.flat(),
    date: notAfter,
  });
  const problems: string[] = [];
  for (const { keyID, verified } of signatures) {
    try {
      await verified;
    } catch (error) {
      problems.push(`${keyID.toHex()}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  if (problems.length < signatures.length) return data;
  throw new TsmachineError("SIGNATURE_INVALID", `${name} has no valid signature of a known key`, {
    hints,
    context: { problems },
  });
}

const hints = [
  "name a mirror that you trust: --mirror http://ftp.de.debian.org/debian",
  "check this host's date, and that no proxy or login page answers in the mirror's place",
  "if the release is newer than this tsmachine, update tsmachine: it brings Debian's newer keys",
];
