import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { SessionTarget } from "../../../src/ssh/connect.ts";
import { createKeyPair } from "../../../src/ssh/key-pair.ts";
import { openSession } from "../../../src/ssh/session.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import { startSshServer } from "./ssh-server.ts";

const { signal } = new AbortController();

/** Keys of a host and of a user who may log in there, and what is made with them. */
export async function sessionWorld() {
  const [host, user] = await Promise.all([
    createKeyPair({ comment: "host" }),
    createKeyPair({ comment: "user" }),
  ]);
  const targetAt = async (
    port: number,
    changes: Partial<SessionTarget> = {},
  ): Promise<SessionTarget> => {
    const privateKeyPath = join(await temporaryDirectory(), "id");
    await writeFile(privateKeyPath, user.privateKey, { mode: 0o600 });
    return {
      ...{ address: "127.0.0.1", port, user: "docker", privateKeyPath },
      ...{ hostKey: host.publicKey, timeoutMs: 5_000, signal },
      ...changes,
    };
  };
  const startServer = async (hostKeys = [host.privateKey]) => {
    const server = await startSshServer({ hostKeys, authorizedKey: user.publicKey });
    return { ...server, target: await targetAt(server.port) };
  };
  /** A session that ends with the running test. */
  const open = async (changes: Partial<SessionTarget> = {}) => {
    const { target, cutConnections } = await startServer();
    const session = await openSession({ ...target, ...changes });
    onTestFinished(() => session.close());
    return { session, cutConnections };
  };
  return { host, targetAt, startServer, open };
}
