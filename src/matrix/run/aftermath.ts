import { type Context, operationFor } from "../../core/context.ts";
import { guestPrefix, isPanic } from "../../core/engine/machine-failed.ts";
import type { OpenMachine } from "../../core/machine/open-machine.ts";
import { messageOf } from "../../errors/message-of.ts";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import { poll } from "../../host/poll.ts";
import type { Session } from "../../ssh/session.ts";
import { type Identity, type openGuest, readIdentity, readKernelMessages } from "./guest.ts";
import type { Fate } from "./verdict-on-run.ts";

/** A machine that restarts is back by then, also where it is emulated. */
const returnTimeoutMs = 180_000;
const lookEveryMs = 1_000;

/** What a machine says when a workload has ended. */
export interface LastWords extends Identity {
  /** The kernel's, or why they cannot be read. */
  readonly messages: { readonly text: string } | { readonly problem: string };
}

export interface Guest {
  /** The session that was open while the workload ran; absent where it is closed. */
  readonly session?: Session;
  /** Opens another when that one is lost, since the machine may have restarted. */
  readonly login: typeof openGuest;
  /** How long a machine that restarts is waited for; 3 minutes unless given. */
  readonly timeoutMs?: number;
}

/** The kernel's messages, once more after a new login where the connection is lost. Throws only the signal's reason. */
export async function hearLastWords(
  context: Context,
  machine: OpenMachine,
  guest: Guest,
): Promise<LastWords> {
  const words = guest.session && (await ask(context, guest.session));
  if (words !== undefined) return words;
  await using again = await loginOnceBack(context, machine, guest);
  const laterWords = again && (await ask(context, again));
  return laterWords ?? { ...nothing, messages: { problem: "the machine does not answer" } };
}

const nothing: Identity = { bootId: undefined, engineStart: undefined };

/** Undefined when the connection is lost, of which a machine that was reset tells only once it is up again. */
async function ask({ signal }: Context, session: Session): Promise<LastWords | undefined> {
  let identity = nothing;
  try {
    identity = await readIdentity(session, signal);
    return { ...identity, messages: { text: await readKernelMessages(session, signal) } };
  } catch (error) {
    signal.throwIfAborted();
    if (isLoss(error)) return undefined;
    return { ...identity, messages: { problem: messageOf(error) } };
  }
}

function isLoss(error: unknown): boolean {
  const codes: readonly string[] = ["SSH_CONNECTION_LOST", "TIMEOUT"];
  return error instanceof TsmachineError && codes.includes(error.code);
}

/** Undefined for a machine that has ended, or is not back in time. */
async function loginOnceBack(
  context: Context,
  { record, instance }: OpenMachine,
  { login, timeoutMs = returnTimeoutMs }: Guest,
): Promise<Session | undefined> {
  const look = async (): Promise<{ readonly session?: Session } | undefined> => {
    if ((await instance.power(operationFor(context))) !== "running") return {};
    // One that has panicked and does not restart stays as it is.
    if ((await instance.consoleTail(consoleEnd)).some(isPanic)) return {};
    try {
      return { session: await login(context, record) };
    } catch (error) {
      context.signal.throwIfAborted();
      if (error instanceof TsmachineError) return undefined;
      throw error;
    }
  };
  try {
    const limits = { everyMs: lookEveryMs, timeoutMs, signal: context.signal };
    const waitingFor = `machine "${record.name}" to come back`;
    return (await poll(look, { ...limits, waitingFor })).session;
  } catch {
    context.signal.throwIfAborted();
    return undefined;
  }
}

/** As many lines as a panic prints. */
const consoleEnd = 100;

/** Whether the engine that there was has ended, also where init has started another since. */
export function isEngineEnded(
  { engineStart: before = "" }: Identity,
  { engineStart: after = before }: Identity,
): boolean {
  return before !== "" && after !== before;
}

export interface FateEvidence {
  /** The kernel's boot id before the workload, and after it. */
  readonly bootIds: readonly [string | undefined, string | undefined];
  /** The machine's lines since its last start, all that were read of them. */
  readonly console: readonly string[];
}

/** What has become of the machine. @throws TsmachineError of Instance.power */
export async function fateOf(
  context: Context,
  { instance }: OpenMachine,
  { bootIds: [before, after], console }: FateEvidence,
): Promise<Fate> {
  const isOrderly = console.some((line) => line.startsWith(shutdownLine));
  if (before !== undefined && after !== undefined && before !== after) {
    return isOrderly ? "rebooted" : "restarted";
  }
  // Also of one that is still about it.
  if (isOrderly) return "switched-off";
  return (await instance.power(operationFor(context))) === "running" ? "up" : "gone";
}

/** How a guest begins that is asked to end: templates/guest/root/usr/lib/tsmachine/shutdown. */
const shutdownLine = `${guestPrefix}shutting down`;
