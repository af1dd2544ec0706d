import type { Forwards, Operation } from "../../providers/provider.ts";
import type { EngineAddress } from "../engine/ask-engine.ts";
import { openEngineConnection } from "../engine/engine-connection.ts";
import { createLatch } from "./latch.ts";
import { type PublishedPort, parsePublishedPorts } from "./published-ports.ts";
import { type ForwardProblems, reconcile } from "./reconcile.ts";

export interface Following {
  readonly address: EngineAddress;
  readonly forwards: Forwards;
  readonly publishAddress: string;
  readonly limits: FollowLimits;
  readonly signal: AbortSignal;
  /** Told each time the forwards are as the engine wants them, as far as this host allows. */
  onReconciled(ports: readonly PublishedPort[], problems: ForwardProblems): Promise<void>;
}

/** In milliseconds. */
export interface FollowLimits {
  /** For an answer of the engine, and for all that is then asked of the instance. */
  readonly answerMs: number;
  /** Until the list is read again without an event: a machine that hangs is noticed by it. */
  readonly quietMs: number;
  /** The same while there are problems: a port may be given free at any time. */
  readonly retryMs: number;
  /**
   * The same after an event, one after another: engines before Docker 23 tell that a container has died
   * before their list does, on a slow host seconds before.
   */
  readonly settleMs: readonly number[];
}

export const containersPath = "/containers/json";
const eventsPath = `/events?filters=${encodeURIComponent(
  JSON.stringify({ type: ["container"], event: ["start", "die", "stop", "destroy", "rename"] }),
)}`;

/**
 * Keeps an instance's forwards as the engine's containers want them, until the engine ends its stream of
 * events. The list is read once the stream has begun, so that nothing falls in between.
 * @throws TsmachineError when engine or instance do not answer; the signal's reason.
 */
export async function followEngine(following: Following): Promise<void> {
  const { address, forwards, publishAddress, limits, signal, onReconciled } = following;
  using engine = openEngineConnection(address);
  const changes = createLatch();
  let isOver = false;
  const answer = { timeoutMs: limits.answerMs, signal };
  const { ended } = await engine.follow(eventsPath, { ...answer, onData: changes.notify });
  const end = ended.then(() => {
    isOver = true;
    changes.notify();
  });
  /** How often the list was read since the last event. */
  let looks = 0;
  while (!isOver) {
    const ports = parsePublishedPorts(await engine.get(containersPath, answer), publishAddress);
    const reachable = ports.filter(({ problem }) => problem === undefined);
    const wanted = reachable.map(({ forward }) => forward);
    const problems = await withinOperation(following, (operation) =>
      reconcile(forwards, wanted, operation),
    );
    await onReconciled(ports, problems);
    const { settleMs, retryMs, quietMs } = limits;
    const patienceMs = settleMs[looks] ?? (problems.size > 0 ? retryMs : quietMs);
    looks = (await changes.wait(patienceMs, signal)) ? 0 : looks + 1;
  }
  await end;
}

/** With a signal of its own: whoever combines one with others would pile them up on one that lives for months. */
async function withinOperation<T>(
  { signal }: Pick<Following, "signal">,
  action: (operation: Operation) => Promise<T>,
): Promise<T> {
  const own = new AbortController();
  const abort = () => own.abort(signal.reason);
  signal.addEventListener("abort", abort);
  try {
    return await action({ signal: own.signal, report: () => {} });
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
