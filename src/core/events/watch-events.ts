import { messageOf } from "../../errors/message-of.ts";
import { sleep } from "../../host/sleep.ts";
import type { MachineRecord } from "../../store/record.ts";
import type { Context } from "../context.ts";
import { attendMachines } from "../look/attend-machines.ts";
import { withinLimit } from "../look/within-limit.ts";
import { followEngineEvents } from "./engine-events.ts";
import { changesBetween } from "./machine-events.ts";
import { type MachineView, viewMachine } from "./machine-view.ts";

/** What has happened to a machine or in its engine. */
export interface MachineEvent {
  readonly at: Date;
  readonly machine: string;
  readonly source: "machine" | "engine";
  /** Of a machine, see MachineEventKind; of an engine its own words, such as "container start", or "unreachable". */
  readonly event: string;
  /** Why, where, or what it is about; empty where the event says it all. */
  readonly detail: string;
}

export interface EventWatch {
  /** All machines there are when undefined, also those that appear later. */
  readonly names: readonly string[] | undefined;
  /** What is still known of the time since then is told first; undefined: only what is to come. */
  readonly since: Date | undefined;
  /** Whether engines are followed, too. */
  readonly hasEngines: boolean;
  /** How often a machine is looked at. */
  readonly everyMs: number;
  /** For one look, and for an engine to begin to answer. */
  readonly timeoutMs: number;
  onEvent(event: MachineEvent): void;
}

/**
 * Tells what becomes of machines. It looks at each again and again, by itself, and tells the difference: there is no log
 * of events, since reading commands write nothing and no process is always there. What begins and ends between two looks
 * is missed, and a machine that does not answer in time is as it was.
 * @throws the signal's reason
 */
export async function watchEvents(context: Context, watch: EventWatch): Promise<never> {
  return attendMachines(context, watch, async (name, { isNew, signal }) => {
    const attended: Context = { ...context, signal };
    const look = () =>
      withinLimit({ signal, timeoutMs: watch.timeoutMs }, (limited) =>
        viewMachine({ ...attended, signal: limited }, name),
      );
    let before = isNew ? undefined : await firstView(look);
    if (!isNew && before !== undefined) tellCreation(name, before, watch);
    const engine = engineFollower(attended, name, watch);
    try {
      for (;;) {
        const looked = await look();
        if (looked !== undefined) {
          for (const { kind, detail } of changesBetween(before, looked.value)) {
            const at = context.now();
            watch.onEvent({ at, machine: name, source: "machine", event: kind, detail });
          }
          before = looked.value;
          if (before === undefined) return;
          engine.attend(before);
        }
        await sleep(watch.everyMs, signal);
      }
    } finally {
      await engine.end();
    }
  });
}

/** How the machine is when the watch begins, as soon as it says so. */
async function firstView(
  look: () => Promise<{ readonly value: MachineView | undefined } | undefined>,
): Promise<MachineView | undefined> {
  for (;;) {
    const looked = await look();
    if (looked !== undefined) return looked.value;
  }
}

/** All that a store knows of the past is when its machines were made. */
function tellCreation(name: string, { record }: MachineView, { since, onEvent }: EventWatch): void {
  if (since === undefined || record?.phase !== "ready") return;
  const at = new Date(record.createdAt);
  if (at < since) return;
  onEvent({ at, machine: name, source: "machine", event: "created", detail: "" });
}

interface EngineFollower {
  /** Follows the engine of a machine that runs, unless it is at it. */
  attend(view: MachineView): void;
  /** Follows it no more. Where an engine outlives its machine, its stream would not end by itself. */
  end(): Promise<void>;
}

function engineFollower(context: Context, name: string, watch: EventWatch): EngineFollower {
  const { hasEngines, since, timeoutMs, onEvent } = watch;
  let next = since === undefined ? undefined : (since.getTime() / 1000).toFixed(3);
  let following: Promise<void> | undefined;
  let isSilent = false;
  // In place of AbortSignal.any: see withinLimit.
  const own = new AbortController();
  const abort = () => own.abort(context.signal.reason);
  if (context.signal.aborted) abort();
  else context.signal.addEventListener("abort", abort);
  const follow = (record: MachineRecord) =>
    followEngineEvents({ ...context, signal: own.signal }, record, {
      ...{ since: next, timeoutMs },
      onEvent({ at, kind, detail, next: after }) {
        next = after;
        onEvent({ at, machine: name, source: "engine", event: kind, detail });
      },
    });
  return {
    attend({ status, record }) {
      if (!hasEngines || status !== "Running" || record === undefined) return;
      // An engine that does not answer, or hangs up, is asked again at the next look.
      following ??= follow(record)
        .then(
          () => {
            isSilent = false;
          },
          (error: unknown) => {
            if (own.signal.aborted || isSilent) return;
            // Once for each time: it may be gone for a while.
            isSilent = true;
            const detail = messageOf(error);
            const at = context.now();
            onEvent({ at, machine: name, source: "engine", event: "unreachable", detail });
          },
        )
        .then(() => {
          following = undefined;
        });
    },
    async end() {
      context.signal.removeEventListener("abort", abort);
      own.abort();
      await following;
    },
  };
}
