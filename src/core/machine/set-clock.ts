import { messageOf } from "../../errors/message-of.ts";
import { openSession } from "../../ssh/session.ts";
import type { MachineRecord } from "../../store/record.ts";
import { type Context, findProvider } from "../context.ts";
import { sshAccessOf } from "./ssh-access.ts";

const loginTimeoutMs = 30_000;

/**
 * Sets the clock of a guest that runs, where it may have stood still and nothing in the guest knows. The hardware clock is set
 * too: the guest's service `clock` would undo anything else. A machine that cannot be told runs on, and the user is warned.
 */
export async function setClock(context: Context, record: MachineRecord): Promise<void> {
  const { capabilities } = await findProvider(context, record.provider.id);
  if (!capabilities.clockStandsStill) return;
  const { name } = record;
  const { patience, signal } = context;
  try {
    await using session = await openSession({
      ...sshAccessOf(record),
      privateKeyPath: context.store.machineLayout(name).sshKey,
      ...{ timeoutMs: loginTimeoutMs * patience, signal },
    });
    const seconds = Math.round(context.now().getTime() / 1000);
    const command = `sudo -n sh -c 'date -u -s @${seconds} >/dev/null && hwclock -u -w'`;
    const { exitCode, stderr } = await session.run(command, {
      timeoutMs: loginTimeoutMs * patience,
      signal,
    });
    if (exitCode !== 0) throw new Error(stderr.trim());
  } catch (error) {
    signal.throwIfAborted();
    context.warn(
      `the clock of machine "${name}" could not be set, and may be that of when it stood still: ${messageOf(error)}; \`tsmachine restart ${name}\` sets it`,
    );
  }
}
