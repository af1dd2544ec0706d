import { isDeepStrictEqual } from "node:util";
import { messageOf } from "../../../errors/message-of.ts";
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

/** Debian's releases have two to four; each of a known key costs a verification. */
const maxSignatures = 16;

/**
 * The text that was signed: RFC 9580, section 7, cleartext signature framework. Nothing may stand
 * around it. One signature by one of the keys is enough, as for apt; the key has to be valid at
 * the time of signing. Hashes that are broken for signatures, such as SHA-1, do not count.
 * @throws TsmachineError SIGNATURE_INVALID, with what is wrong with each signature.
 */
export async function verifyClearSigned({
  name,
  text,
  keys,
  notAfter,
}: SignedText): Promise<string> {
  const { readCleartextMessage, readKeys, verify } = await import("openpgp");
  if (!isOneSignedText(text)) throw notSigned(name);
  const verificationKeys = await Promise.all(keys.map((armoredKeys) => readKeys({ armoredKeys })));
  const message = await readCleartextMessage({ cleartextMessage: text }).catch((cause: unknown) => {
    throw notSigned(name, cause);
  });
  if (message.getSigningKeyIDs().length > maxSignatures) {
    throw new TsmachineError("SIGNATURE_INVALID", `${name} has over ${maxSignatures} signatures`, {
      hints,
    });
  }
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
      problems.push(`${keyID.toHex()}: ${messageOf(error)}`);
    }
  }
  if (problems.length < signatures.length) return data;
  throw new TsmachineError("SIGNATURE_INVALID", `${name} has no valid signature of a known key`, {
    hints,
    context: { problems },
  });
}

const frame = [
  "-----BEGIN PGP SIGNED MESSAGE-----",
  "-----BEGIN PGP SIGNATURE-----",
  "-----END PGP SIGNATURE-----",
] as const;

/** Readers differ in what they take of a text that has more: this one takes none of it. */
function isOneSignedText(text: string): boolean {
  const [begin, , end] = frame;
  return (
    isDeepStrictEqual(text.match(/^-----.*$/gm), [...frame]) &&
    text.startsWith(begin) &&
    text.trimEnd().endsWith(end)
  );
}

function notSigned(name: string, cause?: unknown): TsmachineError {
  return new TsmachineError(
    "SIGNATURE_INVALID",
    `${name} is not one signed text and nothing else`,
    { hints, cause },
  );
}

const hints = [
  "name a mirror that you trust: --mirror http://ftp.de.debian.org/debian",
  "check this host's date, and that no proxy or login page answers in the mirror's place",
  "if the release is newer than this tsmachine, update tsmachine: it brings Debian's newer keys",
];
