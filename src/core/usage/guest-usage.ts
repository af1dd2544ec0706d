import { openSession, type Session } from "../../ssh/session.ts";
import type { MachineRecord } from "../../store/record.ts";
import type { Context } from "../context.ts";
import { sshAccessOf } from "../machine/ssh-access.ts";

/** What only the guest knows; what it does not say is absent. */
export interface GuestUsage {
  readonly memoryTotalBytes?: number;
  /** What programs could not get any more, caches not counted. */
  readonly memoryUsedBytes?: number;
  /** By the interfaces that are devices, since the guest has booted: those of containers lead through them. */
  readonly receivedBytes?: number;
  readonly sentBytes?: number;
}

/** Asks a guest again and again over one SSH connection. */
export interface GuestProbe extends AsyncDisposable {
  /** @throws TsmachineError of sshAccessOf and openSession, SSH_CONNECTION_LOST; the signal's reason */
  ask(record: MachineRecord, signal: AbortSignal): Promise<GuestUsage>;
}

/** A login is given up by the signal; this only bounds what no signal does. */
const loginTimeoutMs = 30_000;

export function openGuestProbe({ store }: Pick<Context, "store">): GuestProbe {
  let session: Session | undefined;
  const hangUp = async () => {
    const former = session;
    session = undefined;
    await former?.close();
  };
  return {
    async ask(record, signal) {
      try {
        session ??= await openSession({
          ...sshAccessOf(record),
          privateKeyPath: store.machineLayout(record.name).sshKey,
          ...{ timeoutMs: loginTimeoutMs, signal },
        });
        return parseGuestUsage((await session.run(guestUsageCommand, { signal })).stdout);
      } catch (error) {
        // The next question finds the machine where it is by then.
        await hangUp();
        throw error;
      }
    },
    [Symbol.asyncDispose]: hangUp,
  };
}

/** Lines of /proc/meminfo, and one "net RECEIVED SENT" for each interface that is a device. */
export const guestUsageCommand = [
  "grep -E '^Mem(Total|Available):' /proc/meminfo",
  "cd /sys/class/net || exit",
  "for device in */device",
  "do counts=$(dirname $device)/statistics",
  'echo "net $(cat $counts/rx_bytes) $(cat $counts/tx_bytes)"',
  "done",
].join("\n");

export function parseGuestUsage(answer: string): GuestUsage {
  const total = kibibytes(answer, "MemTotal");
  const available = kibibytes(answer, "MemAvailable");
  const interfaces = [...answer.matchAll(/^net (\d+) (\d+)$/gm)];
  const sum = (field: 1 | 2) =>
    interfaces.reduce((bytes, match) => bytes + Number(match[field]), 0);
  return {
    ...(total !== undefined && { memoryTotalBytes: total }),
    ...(total !== undefined && available !== undefined && { memoryUsedBytes: total - available }),
    ...(interfaces.length > 0 && { receivedBytes: sum(1), sentBytes: sum(2) }),
  };
}

function kibibytes(answer: string, name: string): number | undefined {
  const [, amount] = new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(answer) ?? [];
  return amount === undefined ? undefined : Number(amount) * 1024;
}
