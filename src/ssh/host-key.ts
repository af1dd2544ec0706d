import { TsmachineError } from "../errors/tsmachine-error.ts";

const hostKeyTypes = [
  "ssh-ed25519",
  "ecdsa-sha2-nistp256",
  "ecdsa-sha2-nistp384",
  "ecdsa-sha2-nistp521",
  "ssh-rsa",
] as const;

export interface HostKey {
  readonly type: (typeof hostKeyTypes)[number];
  /** The key in SSH's wire format, base64. */
  readonly base64: string;
}

/**
 * Reads a public key in OpenSSH's one-line format, with or without a comment.
 * @throws TsmachineError INVALID_INPUT
 */
export function parseHostKey(line: string): HostKey {
  const [typeName, base64 = ""] = line.trim().split(/\s+/);
  const type = hostKeyTypes.find((known) => known === typeName);
  const wire = Buffer.from(base64, "base64");
  // The wire format repeats the type's name behind its length (RFC 4253, section 6.6).
  if (type === undefined || wire.toString("latin1", 4, 4 + type.length) !== type) {
    throw new TsmachineError("INVALID_INPUT", `"${line}" is no SSH host key`, {
      hints: [`give a public key such as "ssh-ed25519 AAAA…", of type ${hostKeyTypes.join(", ")}`],
    });
  }
  return { type, base64 };
}

/** The line that makes OpenSSH expect this key there, with its line break; see sshd(8). */
export function knownHostsLine(server: {
  readonly address: string;
  readonly port: number;
  readonly hostKey: string;
}): string {
  const { type, base64 } = parseHostKey(server.hostKey);
  const { address, port } = server;
  const host = port === 22 ? address : `[${address}]:${port}`;
  return `${host} ${type} ${base64}\n`;
}
