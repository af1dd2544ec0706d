import type { Client, ClientChannel } from "ssh2";
import { TsmachineError } from "../errors/tsmachine-error.ts";
import { openChannel } from "./channel.ts";
import { connect, type SessionTarget } from "./connect.ts";
import type { Files } from "./copy/files.ts";
import { openSftpFiles } from "./copy/sftp-files.ts";
import { type InteractiveStreams, runOnStreams } from "./interactive.ts";

export interface SessionRunOptions {
  readonly input?: string | Uint8Array;
  /** Milliseconds until the command is given up; 60 s unless given. */
  readonly timeoutMs?: number;
  readonly signal: AbortSignal;
}

export interface SessionRunResult {
  readonly stdout: string;
  readonly stderr: string;
  /** 128 plus the signal's number when a signal ended the command. */
  readonly exitCode: number;
}

/** A connection to one machine. Commands go through the machine's login shell. */
export interface Session extends AsyncDisposable {
  /** Runs the command to its end. @throws TsmachineError SSH_CONNECTION_LOST, TIMEOUT */
  run(command: string, options: SessionRunOptions): Promise<SessionRunResult>;
  /**
   * Connects the streams to the command, or to a login shell when there is none, until it ends.
   * Gives back its exit status as `run` does. @throws TsmachineError SSH_CONNECTION_LOST
   */
  runInteractive(command: string | undefined, streams: InteractiveStreams): Promise<number>;
  /** Its files, for as long as the session is open; see openSftpFiles. */
  files(machine: string): Promise<Files>;
  close(): Promise<void>;
}

/**
 * Opens a session with a machine whose host key is known: no other is accepted.
 * @throws TsmachineError SSH_UNREACHABLE, SSH_HOST_KEY_MISMATCH, SSH_AUTHENTICATION_FAILED,
 * FILE_UNREADABLE for the private key, INVALID_INPUT for the host key; the signal's reason when aborted.
 */
export async function openSession(target: SessionTarget): Promise<Session> {
  const client = await connect(target);
  const closed = new Promise<void>((resolve) => client.once("close", resolve));
  // Without a good-bye, which a dead machine would never answer.
  const close = () => {
    client.destroy();
    return closed;
  };
  return {
    run: (command, options) => runToEnd(client, command, options),
    runInteractive: (command, streams) => runOnStreams(client, command, streams),
    files: (machine) => openSftpFiles(client, machine),
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function runToEnd(
  client: Client,
  command: string,
  { input = "", timeoutMs = 60_000, signal }: SessionRunOptions,
): Promise<SessionRunResult> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(timeoutError(command, timeoutMs)), timeoutMs);
  try {
    const either = AbortSignal.any([signal, limit.signal]);
    const { channel, exitStatus } = await openChannel(client, { command }, either);
    const stdout = collect(channel);
    const stderr = collect(channel.stderr);
    const ending = exitStatus(either);
    channel.end(input);
    const exitCode = await ending;
    return { stdout: stdout(), stderr: stderr(), exitCode };
  } finally {
    clearTimeout(timer);
  }
}

/** Decodes only at the end: a chunk may end within a character. */
function collect(stream: ClientChannel | ClientChannel["stderr"]): () => string {
  const chunks: Buffer[] = [];
  stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString("utf8");
}

function timeoutError(command: string, timeoutMs: number): TsmachineError {
  return new TsmachineError(
    "TIMEOUT",
    `the machine did not finish \`${command}\` within ${timeoutMs} ms`,
  );
}
