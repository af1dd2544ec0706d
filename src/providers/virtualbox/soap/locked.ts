import { messageOf } from "../../../errors/message-of.ts";
import type { Machine, Session } from "./api.ts";
import type { Client } from "./connection.ts";
import { referenceOf } from "./package.ts";

export interface LockedMachine {
  readonly session: Session;
  /** The machine as the session may change it. */
  readonly machine: Machine;
}

/**
 * Runs `action` while a session has the machine locked: "Write" to change it, "Shared" also beside the
 * process that runs it.
 * @throws TsmachineError INSTANCE_LOCKED when another program holds it.
 */
export function withLockedMachine<T>(
  client: Client,
  uuid: string,
  kind: "Write" | "Shared",
  action: (locked: LockedMachine) => Promise<T>,
): Promise<T> {
  return withSession(
    client,
    async (session) => {
      const machine = await client.unhurried().virtualBox.findMachine(uuid);
      await machine.lockMachine(session, kind);
    },
    async (session) => action({ session, machine: await session.getMachine() }),
  );
}

/**
 * Runs `action` with a session that `lock` gives the lock of a machine. Such a lock outlasts the session
 * and its client, so the user's cancelling ends neither taking nor releasing it.
 */
export async function withSession<T>(
  client: Client,
  lock: (session: Session) => Promise<void>,
  action: (session: Session) => Promise<T>,
): Promise<T> {
  client.signal.throwIfAborted();
  const session = await client.newSession();
  let result: T;
  try {
    await lock(session);
    result = await action(session);
  } catch (error) {
    await release(client, session).catch((undoError: unknown) => {
      throw new Error(`a machine could not be unlocked again: ${messageOf(undoError)}`, {
        cause: error,
      });
    });
    throw error;
  }
  await release(client, session);
  return result;
}

/** Those of machines that have ended, and of locks that were not given, are unlocked already. */
async function release(client: Client, session: Session): Promise<void> {
  const unhurried = client.unhurried().session(referenceOf(session));
  if ((await unhurried.getState()) === "Locked") await unhurried.unlockMachine();
}
