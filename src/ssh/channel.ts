import { constants } from "node:os";
import type { Client, ClientChannel, PseudoTtyOptions } from "ssh2";
import { TsmachineError } from "../errors/tsmachine-error.ts";

export interface ChannelRequest {
  /** Undefined: a login shell. */
  readonly command: string | undefined;
  /** Without one the command runs without a terminal. */
  readonly terminal?: PseudoTtyOptions;
}

export interface OpenChannel {
  readonly channel: ClientChannel;
  /**
   * Waits until the command has ended and all its output was read, and gives back its exit status:
   * 128 plus the signal's number when a signal ended it. When aborted it hangs up and throws the
   * signal's reason.
   * @throws TsmachineError SSH_CONNECTION_LOST when the channel closes without an exit status.
   */
  exitStatus(signal: AbortSignal): Promise<number>;
}

/** @throws TsmachineError SSH_CONNECTION_LOST; the signal's reason when aborted before the machine has answered. */
export async function openChannel(
  client: Client,
  { command, terminal }: ChannelRequest,
  signal: AbortSignal,
): Promise<OpenChannel> {
  signal.throwIfAborted();
  const settled = new AbortController();
  try {
    return await new Promise((resolve, reject) => {
      const onAbort = () => reject(signal.reason);
      signal.addEventListener("abort", onAbort, { once: true, signal: settled.signal });
      const settle = (error: Error | undefined, channel: ClientChannel) => {
        if (error) reject(error);
        // Nobody waits for it any more.
        else if (signal.aborted) channel.close();
        else resolve({ channel, exitStatus: exitStatusOf(channel) });
      };
      if (command === undefined) client.shell(terminal ?? false, settle);
      else client.exec(command, terminal ? { pty: terminal } : {}, settle);
    });
  } catch (cause) {
    signal.throwIfAborted();
    throw connectionLost(cause);
  } finally {
    settled.abort();
  }
}

/**
 * To be called in the very moment that the channel is there: the same network packet may bring the
 * news of its opening and of the command's end, which is told only once.
 */
function exitStatusOf(channel: ClientChannel): OpenChannel["exitStatus"] {
  let status: number | undefined;
  channel.once("exit", (code: number | null, signalName?: string) => {
    status = code ?? statusOfSignal(signalName);
  });
  return async (signal) => {
    await untilClosed(channel, signal);
    if (status === undefined) throw connectionLost();
    return status;
  };
}

async function untilClosed(channel: ClientChannel, signal: AbortSignal): Promise<void> {
  const aborted = new AbortController();
  const closed = Promise.all([
    new Promise((resolve) => channel.once("close", resolve)),
    new Promise((resolve) => channel.stderr.once("close", resolve)),
  ]);
  const interrupted = new Promise<never>((_, reject) => {
    const onAbort = () => {
      channel.close();
      reject(signal.reason);
    };
    if (signal.aborted) onAbort();
    else signal.addEventListener("abort", onAbort, { once: true, signal: aborted.signal });
  });
  try {
    await Promise.race([closed, interrupted]);
  } finally {
    aborted.abort();
  }
}

const signalNumbers: Readonly<Record<string, number>> = constants.signals;

/** As shells have it: 128 plus the number; 128 alone for signals of other systems. */
function statusOfSignal(name = ""): number {
  return 128 + (signalNumbers[name] ?? 0);
}

function connectionLost(cause?: unknown): TsmachineError {
  return new TsmachineError(
    "SSH_CONNECTION_LOST",
    "the machine closed the SSH connection before the command had ended",
    { hints: ["see with `tsmachine ls` whether the machine still runs"], cause },
  );
}
