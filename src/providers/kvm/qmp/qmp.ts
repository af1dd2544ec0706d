import type { Socket } from "node:net";
import { isSystemError } from "../../../errors/system-error.ts";
import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import { connectTo, type QmpAddress } from "./connect.ts";
import { type QmpEvent, type QmpMessage, readMessages } from "./messages.ts";

export interface Qmp {
  /**
   * Runs one command and gives what it returns. One at a time: wait before the next.
   * @throws TsmachineError QMP_FAILED when QEMU refuses, QMP_UNREACHABLE when it hangs up.
   */
  execute(command: string, args?: Readonly<Record<string, unknown>>): Promise<unknown>;
}

export interface QmpLimits {
  /** For connecting and all commands together, in milliseconds. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Told of each event that arrives while a command is answered. */
  readonly onEvent?: (event: QmpEvent) => void;
}

/**
 * Connects to QEMU's control socket, negotiates, runs `action`, and hangs up. QEMU talks with one
 * client at a time, so actions are short.
 * @throws TsmachineError QMP_UNREACHABLE when nobody answers, TIMEOUT; the signal's reason.
 */
export async function withQmp<T>(
  address: QmpAddress,
  limits: QmpLimits,
  action: (qmp: Qmp) => Promise<T>,
): Promise<T> {
  const timeout = AbortSignal.timeout(limits.timeoutMs);
  const signal = AbortSignal.any([limits.signal, timeout]);
  let socket: Socket | undefined;
  const hangUp = () => socket?.destroy();
  signal.addEventListener("abort", hangUp);
  try {
    socket = await connectTo(address, signal);
    return await action(await negotiate(socket, limits));
  } catch (error) {
    limits.signal.throwIfAborted();
    if (timeout.aborted) {
      throw new TsmachineError("TIMEOUT", `QEMU did not answer within ${limits.timeoutMs} ms`, {
        cause: error,
      });
    }
    if (isSystemError(error, ...connectionErrors)) throw unreachable(error);
    throw error;
  } finally {
    signal.removeEventListener("abort", hangUp);
    hangUp();
  }
}

const connectionErrors = [
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOENT",
  "ENOTDIR",
  "ENOTSOCK",
  "EPIPE",
  "ERR_STREAM_PREMATURE_CLOSE",
];

async function negotiate(socket: Socket, { onEvent }: QmpLimits): Promise<Qmp> {
  // Between two commands nobody reads, and an error without a listener would end this process.
  socket.on("error", () => undefined);
  const messages = readMessages(socket);
  const greeting = await nextOf(messages);
  if (greeting.kind !== "greeting") {
    throw new TsmachineError("QMP_FAILED", "QEMU's control socket does not greet as QMP does");
  }
  let lastId = 0;
  const execute: Qmp["execute"] = async (command, args = {}) => {
    lastId += 1;
    socket.write(`${JSON.stringify({ execute: command, arguments: args, id: lastId })}\n`);
    for (;;) {
      const message = await nextOf(messages);
      if (message.kind === "event") onEvent?.(message.event);
      if (message.kind === "success" && message.id === lastId) return message.value;
      if (message.kind === "failure") {
        throw new TsmachineError("QMP_FAILED", `QEMU refused ${command}: ${message.description}`, {
          context: { class: message.errorClass },
        });
      }
    }
  };
  await execute("qmp_capabilities");
  return { execute };
}

async function nextOf(messages: AsyncGenerator<QmpMessage>): Promise<QmpMessage> {
  const { done, value } = await messages.next();
  if (done) throw unreachable();
  return value;
}

function unreachable(cause?: unknown): TsmachineError {
  return new TsmachineError("QMP_UNREACHABLE", "QEMU does not answer on its control socket", {
    cause,
  });
}
