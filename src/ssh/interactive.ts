import type { Readable, Writable } from "node:stream";
import type { Client, ClientChannel } from "ssh2";
import { openChannel } from "./channel.ts";

export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/** The user's terminal, which the caller has put into raw mode. */
export interface Terminal {
  /** As in the variable TERM: "xterm-256color". */
  readonly type: string;
  readonly size: TerminalSize;
  /** Calls the listener at every change of size until the function it gives back is called. */
  onResize(listener: (size: TerminalSize) => void): () => void;
}

export interface InteractiveStreams {
  readonly stdin: Readable;
  /** The outputs stay open. */
  readonly stdout: Writable;
  readonly stderr: Writable;
  /** Without one the command runs without a terminal. */
  readonly terminal?: Terminal;
  readonly signal: AbortSignal;
}

/** See Session.runInteractive. */
export async function runOnStreams(
  client: Client,
  command: string | undefined,
  { stdin, stdout, stderr, terminal, signal }: InteractiveStreams,
): Promise<number> {
  const request = { command, ...(terminal && { terminal: pseudoTerminalFor(terminal) }) };
  const { channel, exitStatus } = await openChannel(client, request, signal);
  const stopResizing = terminal?.onResize((size) => resize(channel, size));
  try {
    const ending = exitStatus(signal);
    channel.pipe(stdout, { end: false });
    channel.stderr.pipe(stderr, { end: false });
    stdin.pipe(channel);
    return await ending;
  } finally {
    stopResizing?.();
    stdin.unpipe(channel);
    stdin.pause();
  }
}

/** Sizes in pixels are unknown, which zero stands for (RFC 4254, section 6.2). */
function pseudoTerminalFor({ type, size }: Terminal) {
  return { term: type, cols: size.columns, rows: size.rows, width: 0, height: 0 };
}

function resize(channel: ClientChannel, { columns, rows }: TerminalSize): void {
  channel.setWindow(rows, columns, 0, 0);
}
