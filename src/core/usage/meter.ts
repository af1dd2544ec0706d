import { messageOf } from "../../errors/message-of.ts";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import { diskUsageOf } from "../../host/files/disk-usage.ts";
import type { Usage } from "../../providers/provider.ts";
import { type Context, operationFor } from "../context.ts";
import { withinLimit } from "../look/within-limit.ts";
import { readStatus } from "../machine/look.ts";
import { type OpenMachine, openMachine } from "../machine/open-machine.ts";
import type { Status } from "../machine/status.ts";
import { type GuestProbe, type GuestUsage, openGuestProbe } from "./guest-usage.ts";
import { type Figures, guestFigures, hostFigures, type Timed } from "./rates.ts";

/** What `top` shows of a machine. */
export interface UsageRow extends Figures {
  readonly name: string;
  readonly status: Status;
  /** Why the machine is not as it should be, or could not be asked; empty when all is well. */
  readonly error: string;
}

/** Measures one machine again and again; rates are there from the second time on. */
export interface Meter extends AsyncDisposable {
  /**
   * Undefined when the machine is gone. Its state, the host's part and the guest's each have this limit, and what does
   * not answer in time is left out.
   * @throws the signal's reason
   */
  measure(limits: {
    readonly timeoutMs: number;
    readonly signal: AbortSignal;
  }): Promise<UsageRow | undefined>;
}

export function openMeter(context: Context, name: string): Meter {
  const guest = openGuestProbe(context);
  let before: Sample = {};
  return {
    async measure({ timeoutMs, signal }) {
      const within = <T>(action: (context: Context) => Promise<T>) =>
        withinLimit({ signal, timeoutMs }, (limited) => action({ ...context, signal: limited }));
      try {
        const looked = await within((limited) => look(limited, name));
        if (looked === undefined) {
          return { name, status: "Timeout", error: `no answer within ${timeoutMs / 1000} s` };
        }
        const { machine, status, error } = looked.value;
        const [host, inGuest, diskBytes] = await Promise.all([
          ...(status === "Running"
            ? ([
                orNothing(
                  signal,
                  within((limited) => hostUsage(limited, machine)),
                ),
                orNothing(
                  signal,
                  within((limited) => ask(guest, machine, limited)),
                ),
              ] as const)
            : ([undefined, undefined] as const)),
          orNothing(
            signal,
            within(() => diskOf(machine)),
          ),
        ]);
        const now: Sample = { ...(host && { host }), ...(inGuest && { guest: inGuest }) };
        const figures = figuresOf(now, before);
        before = now;
        return { name, status, error, ...figures, ...(diskBytes !== undefined && { diskBytes }) };
      } catch (error) {
        signal.throwIfAborted();
        if (error instanceof TsmachineError && error.code === "MACHINE_NOT_FOUND") return undefined;
        return { name, status: "Error", error: messageOf(error) };
      }
    },
    [Symbol.asyncDispose]: () => guest[Symbol.asyncDispose](),
  };
}

interface Sample {
  readonly host?: Timed<Usage>;
  readonly guest?: Timed<GuestUsage>;
}

function figuresOf(now: Sample, before: Sample): Figures {
  return {
    ...(now.host && hostFigures(now.host, before.host)),
    ...(now.guest && guestFigures(now.guest, before.guest)),
  };
}

async function look(context: Context, name: string) {
  const machine = await openMachine(context, name);
  const { status, problem = "" } = await readStatus(context, machine);
  return { machine, status, error: problem };
}

async function hostUsage(
  context: Context,
  { instance }: OpenMachine,
): Promise<Timed<Usage> | undefined> {
  const usage = await instance.usage?.(operationFor(context));
  return usage && { ...usage, atMs: performance.now() };
}

async function ask(
  guest: GuestProbe,
  { record }: OpenMachine,
  { signal }: Context,
): Promise<Timed<GuestUsage>> {
  return { ...(await guest.ask(record, signal)), atMs: performance.now() };
}

async function diskOf({ instance }: OpenMachine): Promise<number | undefined> {
  const { dataDisk } = instance.files;
  return dataDisk === undefined ? undefined : diskUsageOf(dataDisk);
}

/** A figure that cannot be had leaves a gap in its row, and is no reason to lack the others. */
async function orNothing<T>(
  signal: AbortSignal,
  pending: Promise<{ readonly value: T } | undefined>,
): Promise<T | undefined> {
  try {
    return (await pending)?.value;
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}
