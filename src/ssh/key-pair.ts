export interface KeyPair {
  /** In OpenSSH's own PEM format, without a passphrase. */
  readonly privateKey: string;
  /** One line without line break: "ssh-ed25519 AAAA… comment". */
  readonly publicKey: string;
}

/** Type name, key and their two lengths (RFC 8709, section 4). */
const ed25519WireSize = 4 + "ssh-ed25519".length + 4 + 32;

/** A new Ed25519 key pair. The comment is for people and must be one word. */
export async function createKeyPair({ comment }: { comment: string }): Promise<KeyPair> {
  const { default: ssh2 } = await import("ssh2");
  for (;;) {
    const keys = ssh2.utils.generateKeyPairSync("ed25519", { comment });
    // ssh2 1.17 (lib/keygen.js) drops leading zero bytes of the public key, so that one pair in
    // 256 is useless. Such a pair is thrown away.
    if (wireSizeOf(keys.public) === ed25519WireSize) {
      return { privateKey: keys.private, publicKey: keys.public };
    }
  }
}

/**
 * Whether the line, in OpenSSH's format with or without a comment, is the public key of that private one, which has no
 * passphrase.
 */
export async function isPublicKeyOf(privateKey: string, line: string): Promise<boolean> {
  const [, base64] = /^[\w@.-]+ ([A-Za-z0-9+/=]+)(?: [^\r\n]*)?\n?$/.exec(line) ?? [];
  const { default: ssh2 } = await import("ssh2");
  const key = ssh2.utils.parseKey(privateKey);
  if (key instanceof Error || !key.isPrivateKey()) return false;
  return key.getPublicSSH().toString("base64") === base64;
}

function wireSizeOf(publicKey: string): number {
  const [, base64 = ""] = publicKey.split(" ");
  return Buffer.from(base64, "base64").length;
}
