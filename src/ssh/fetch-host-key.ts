import { createHash } from "node:crypto";
import { messageOf } from "../errors/message-of.ts";
import { TsmachineError } from "../errors/tsmachine-error.ts";
import { parseHostKey } from "./host-key.ts";

export interface FetchHostKeyOptions {
  readonly address: string;
  readonly port: number;
  /** Milliseconds until the server is given up. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * The public key that the SSH server shows, in OpenSSH's one-line format; nobody is logged in. Who it
 * belongs to is not known: that is for the caller to settle.
 * @throws TsmachineError SSH_UNREACHABLE; INVALID_INPUT for a type of key that is not supported; the
 *   signal's reason when aborted
 */
export async function fetchHostKey(options: FetchHostKeyOptions): Promise<string> {
  const { address, port, timeoutMs, signal } = options;
  const { default: ssh2 } = await import("ssh2");
  signal.throwIfAborted();
  const client = new ssh2.Client();
  const hangUp = () => client.destroy();
  signal.addEventListener("abort", hangUp, { once: true });
  try {
    const wire = await new Promise<Buffer>((resolve, reject) => {
      const fail = () => reject(new Error("it closed the connection at once"));
      client.on("error", reject).on("close", fail);
      client.connect({
        ...{ host: address, port, username: "nobody", readyTimeout: timeoutMs },
        hostVerifier: (key: Buffer) => {
          resolve(key);
          return false;
        },
      });
    });
    return hostKeyLine(wire);
  } catch (cause) {
    signal.throwIfAborted();
    if (cause instanceof TsmachineError) throw cause;
    const reason = messageOf(cause);
    throw new TsmachineError(
      "SSH_UNREACHABLE",
      `no SSH server answers at ${address} port ${port}: ${reason}`,
      { hints: ["see with `tsmachine ls` whether the machine runs"], cause },
    );
  } finally {
    signal.removeEventListener("abort", hangUp);
    client.destroy();
  }
}

/** As `ssh-keygen -l` prints it: "SHA256:…". @throws TsmachineError INVALID_INPUT */
export function fingerprintOf(hostKey: string): string {
  const { base64 } = parseHostKey(hostKey);
  const digest = createHash("sha256").update(Buffer.from(base64, "base64")).digest("base64");
  return `SHA256:${digest.replace(/=+$/, "")}`;
}

/** The wire format begins with the type's name behind its length (RFC 4253, section 6.6). */
function hostKeyLine(wire: Buffer): string {
  const length = wire.length < 4 ? 0 : wire.readUInt32BE(0);
  const line = `${wire.toString("latin1", 4, 4 + Math.min(length, 64))} ${wire.toString("base64")}`;
  parseHostKey(line);
  return line;
}
