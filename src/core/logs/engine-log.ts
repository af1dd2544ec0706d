import { PassThrough, Readable, Writable } from "node:stream";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import { sleep } from "../../host/sleep.ts";
import { quoteWord } from "../../ssh/remote-command.ts";
import { openSession } from "../../ssh/session.ts";
import type { Context } from "../context.ts";
import { readStatus } from "../machine/look.ts";
import { openMachine } from "../machine/open-machine.ts";
import { howToStart } from "../machine/require-owned.ts";
import { readSshTarget } from "../machine/ssh-target.ts";

export interface EngineLogReading {
  /** How many of the last lines; all when undefined. */
  readonly lines: number | undefined;
  readonly isFollowed: boolean;
}

const loginTimeoutMs = 30_000;
/** A guest that shuts down ends its SSH server some time before itself. */
const endTimeoutMs = 30_000;

/**
 * Copies the log of the machine's engine, which is in the guest, into the stream. When it is followed, the machine's
 * end is the end.
 * @throws TsmachineError MACHINE_NOT_RUNNING, CAPABILITY_MISSING, PROGRAM_FAILED where the guest has no such log; those
 *   of readSshTarget and openSession; the signal's reason
 */
export async function copyEngineLog(
  context: Context,
  name: string,
  { reading, sink }: { readonly reading: EngineLogReading; readonly sink: Writable },
): Promise<void> {
  await requireRunning(context, name);
  const target = await readSshTarget(context, name);
  const { signal } = context;
  await using session = await openSession({ ...target, timeoutMs: loginTimeoutMs, signal });
  const complaints: Buffer[] = [];
  const stderr = new Writable({
    write(chunk: Buffer, _encoding, done) {
      complaints.push(chunk);
      done();
    },
  });
  // The guest's program ends with its input, and so with this connection.
  const stdin = reading.isFollowed ? new PassThrough() : Readable.from([]);
  const streams = { stdin, stdout: sink, stderr, signal };
  try {
    const status = await session.runInteractive(engineLogCommand(reading), streams);
    if (status !== 0) throw unreadable(name, Buffer.concat(complaints).toString());
  } catch (error) {
    signal.throwIfAborted();
    if (!reading.isFollowed || !isLost(error) || !(await hasEnded(context, name))) throw error;
  }
}

/** Reads the log with these two words: how many lines, as tail(1) takes them, and "follow" or "once". */
function engineLogCommand({ lines, isFollowed }: EngineLogReading): string {
  const count = lines === undefined ? "+1" : String(lines);
  const words = [engineLogScript, "logs", engineLogPath, count, isFollowed ? "follow" : "once"];
  return `sudo -n sh -c ${words.map(quoteWord).join(" ")}`;
}

/** See templates/guest/root/usr/lib/tsmachine/dockerd. */
const engineLogPath = "/var/log/dockerd.log";

/**
 * A script for `sh -c`, whose arguments are a path, a number of lines ("+1" for all) and "follow" or "once". An adopted
 * host has no file there, but may have a journal. What follows would not notice by itself that nobody reads any more, so
 * it is killed when the input ends.
 */
export const engineLogScript = [
  'read_log() { if [ -e "$1" ]; then',
  'if [ "$3" = follow ]; then exec tail -n "$2" -F "$1"; else exec tail -n "$2" "$1"; fi; fi',
  '[ "$2" != +1 ] || set -- "$1" all "$3"',
  '[ "$3" != follow ] || set -- "$1" "$2" "$3" -f',
  'exec journalctl --quiet --no-pager --unit docker --lines "$2" $4; }',
  '[ "$3" = follow ] || read_log "$@"',
  "exec 3<&0",
  'read_log "$@" &',
  "reader=$!",
  "{ cat; kill $reader; } <&3 >/dev/null 2>&1 &",
  "wait $reader",
].join("\n");

async function requireRunning(context: Context, name: string): Promise<void> {
  const machine = await openMachine(context, name);
  const { status } = await readStatus(context, machine);
  if (status === "Running") return;
  const { consoleLog } = machine.instance.files;
  throw new TsmachineError(
    "MACHINE_NOT_RUNNING",
    `machine "${name}" does not run, and its engine's log is in it`,
    {
      hints: [
        await howToStart(context, machine.record),
        ...(consoleLog === undefined
          ? []
          : [`read what it has said before with \`tsmachine logs --console ${name}\``]),
      ],
      context: { name, status },
    },
  );
}

function isLost(error: unknown): boolean {
  return error instanceof TsmachineError && error.code === "SSH_CONNECTION_LOST";
}

/** Whether the machine is what the connection was lost with. */
async function hasEnded(context: Context, name: string): Promise<boolean> {
  const deadline = performance.now() + endTimeoutMs;
  while (performance.now() < deadline) {
    if (!(await isUp(context, name))) return true;
    await sleep(500, context.signal);
  }
  return false;
}

async function isUp(context: Context, name: string): Promise<boolean> {
  try {
    return (await readStatus(context, await openMachine(context, name))).status === "Running";
  } catch (error) {
    if (error instanceof TsmachineError && error.code === "MACHINE_NOT_FOUND") return false;
    throw error;
  }
}

function unreadable(name: string, complaint: string): TsmachineError {
  const reason = complaint.trim().split("\n").at(-1) ?? "";
  return new TsmachineError(
    "PROGRAM_FAILED",
    `the engine's log of machine "${name}" cannot be read: ${reason}`,
    { hints: [`look for it with \`tsmachine ssh ${name}\``], context: { name } },
  );
}
