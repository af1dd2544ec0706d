import { readFile } from "node:fs/promises";
import type { Client, ServerHostKeyAlgorithm } from "ssh2";
import * as z from "zod";
import { TsmachineError } from "../errors/tsmachine-error.ts";
import { type HostKey, parseHostKey } from "./host-key.ts";

export interface SessionTarget {
  readonly address: string;
  readonly port: number;
  readonly user: string;
  /** A private key in PEM without passphrase. */
  readonly privateKeyPath: string;
  /** The one key the machine may show, as one line in OpenSSH's format. */
  readonly hostKey: string;
  /** Milliseconds from the call until the user is logged in. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** A client that is logged in; for errors see openSession. */
export async function connect(target: SessionTarget): Promise<Client> {
  const { signal } = target;
  const hostKey = parseHostKey(target.hostKey);
  const privateKey = await readPrivateKey(target.privateKeyPath);
  // Loaded here because it takes longer than most commands run.
  const { NodeSSH } = await import("node-ssh");
  signal.throwIfAborted();
  const ssh = new NodeSSH();
  const hangUp = () => void ssh.connection?.destroy();
  signal.addEventListener("abort", hangUp, { once: true });
  let keyMatches: boolean | undefined;
  try {
    await ssh.connect({
      host: target.address,
      port: target.port,
      username: target.user,
      privateKey,
      readyTimeout: target.timeoutMs,
      keepaliveInterval: 15_000,
      keepaliveCountMax: 4,
      algorithms: { serverHostKey: signatureAlgorithmsOf(hostKey) },
      hostVerifier: (key: Buffer) => {
        keyMatches = key.toString("base64") === hostKey.base64;
        return keyMatches;
      },
    });
  } catch (error) {
    signal.throwIfAborted();
    throw keyMatches === false ? hostKeyMismatch(target, error) : connectError(target, error);
  } finally {
    signal.removeEventListener("abort", hangUp);
  }
  const client = ssh.connection;
  if (client === null) throw connectError(target, new Error("it closed the connection at once"));
  // Whatever fails from here on also closes the channels, whose users report it.
  client.on("error", () => {});
  return client;
}

async function readPrivateKey(path: string): Promise<string> {
  const { default: ssh2 } = await import("ssh2");
  try {
    const text = await readFile(path, "utf8");
    const key = ssh2.utils.parseKey(text);
    if (key instanceof Error) throw key;
    return text;
  } catch (cause) {
    throw new TsmachineError("FILE_UNREADABLE", `${path} is not readable as a private key`, {
      hints: ["give a private key without passphrase, in PEM, that you may read"],
      cause,
    });
  }
}

/** With the other types left out, a server that has several keys shows the one we know. */
function signatureAlgorithmsOf({ type }: HostKey): ServerHostKeyAlgorithm[] {
  return type === "ssh-rsa" ? ["rsa-sha2-512", "rsa-sha2-256", "ssh-rsa"] : [type];
}

function hostKeyMismatch({ address, port }: SessionTarget, cause: unknown): TsmachineError {
  return new TsmachineError(
    "SSH_HOST_KEY_MISMATCH",
    `the SSH server at ${address} port ${port} does not have the machine's host key`,
    {
      hints: ["see with `tsmachine ls` whether the machine runs, or another program took its port"],
      cause,
    },
  );
}

function connectError(target: SessionTarget, cause: unknown): TsmachineError {
  const { address, port, user, privateKeyPath } = target;
  const { message, code, level } = failureSchema.parse(cause);
  if (level === "client-authentication") {
    return new TsmachineError(
      "SSH_AUTHENTICATION_FAILED",
      `the SSH server at ${address} port ${port} does not let ${user} in with ${privateKeyPath}`,
      { hints: ["add the public key to the user's authorized_keys there"], cause },
    );
  }
  if (/no matching host key/i.test(message)) return hostKeyMismatch(target, cause);
  return new TsmachineError(
    "SSH_UNREACHABLE",
    `no SSH server answers at ${address} port ${port}: ${message || code}`,
    { hints: ["see with `tsmachine ls` whether the machine runs"], cause },
  );
}

/** What ssh2 throws: an Error with the stage that failed; without words when a name has several addresses. */
const failureSchema = z.object({
  message: z.string(),
  code: z.string().optional().catch(undefined),
  level: z.string().optional().catch(undefined),
});
