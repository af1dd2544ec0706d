import { StringDecoder } from "node:string_decoder";
import * as z from "zod";
import { parseJson } from "../../bytes/parse-json.ts";
import type { MachineRecord } from "../../store/record.ts";
import type { Context } from "../context.ts";
import { openEngineConnection } from "../engine/engine-connection.ts";
import { engineAddressOf } from "../machine/open-machine.ts";

/** What an engine tells of its containers, images, volumes and networks. */
export interface EngineEvent {
  readonly at: Date;
  /** In the engine's words: "container start". */
  readonly kind: string;
  /** What it is about: a container's name where it has one, else an id. */
  readonly detail: string;
  /** Where a stream that begins anew has to go on, as the parameter `since` takes it. */
  readonly next: string;
}

export interface EngineFollowing {
  /** Of the first event that is wanted, as seconds since 1970 with a fraction; undefined: only those to come. */
  readonly since: string | undefined;
  /** Until the engine begins to answer, in milliseconds. */
  readonly timeoutMs: number;
  onEvent(event: EngineEvent): void;
}

/**
 * Tells an engine's events until it ends its stream.
 * @throws TsmachineError ENGINE_UNREACHABLE; those of engineAddressOf; the signal's reason when aborted
 */
export async function followEngineEvents(
  context: Pick<Context, "store" | "signal">,
  record: MachineRecord,
  { since, timeoutMs, onEvent }: EngineFollowing,
): Promise<void> {
  const { signal } = context;
  using engine = openEngineConnection(await engineAddressOf(context, record));
  const takeLines = lineSplitter((line) => {
    const event = parseEngineEvent(line);
    if (event !== undefined) onEvent(event);
  });
  const path = since === undefined ? "/events" : `/events?since=${since}`;
  const { ended } = await engine.follow(path, { timeoutMs, signal, onData: takeLines });
  const hangUp = () => engine[Symbol.dispose]();
  signal.addEventListener("abort", hangUp, { once: true });
  try {
    if (signal.aborted) hangUp();
    await ended;
  } finally {
    signal.removeEventListener("abort", hangUp);
  }
  signal.throwIfAborted();
}

/** An event is some hundred bytes; a line of more than this is given up. */
const maxLineLength = 1 << 20;

function lineSplitter(onLine: (line: string) => void): (bytes: Buffer) => void {
  const decoder = new StringDecoder("utf8");
  let pending = "";
  return (bytes) => {
    const lines = (pending + decoder.write(bytes)).split("\n");
    pending = lines.pop() ?? "";
    if (pending.length > maxLineLength) pending = "";
    for (const line of lines) onLine(line);
  };
}

/** https://docs.docker.com/reference/api/engine/version/v1.41/#tag/System/operation/SystemEvents */
const eventSchema = z.object({
  Type: z.string(),
  Action: z.string(),
  Actor: z
    .object({ ID: z.string(), Attributes: z.record(z.string(), z.string()).nullish() })
    .optional(),
  time: z.number(),
});

/** One line of the stream; undefined where it is no event. */
export function parseEngineEvent(line: string): EngineEvent | undefined {
  const result = eventSchema.safeParse(parseJson(line));
  if (!result.success) return undefined;
  const { Type, Action, Actor, time } = result.data;
  // From the text: a number of JavaScript's does not hold nanoseconds since 1970.
  const [, nanoseconds] = /"timeNano":\s*(\d{10,19})\b/.exec(line) ?? [];
  const nextNano = nanoseconds === undefined ? BigInt(time + 1) * second : BigInt(nanoseconds) + 1n;
  return {
    at: new Date(
      nanoseconds === undefined ? time * 1000 : Number(BigInt(nanoseconds) / 1_000_000n),
    ),
    kind: `${Type} ${Action}`,
    detail: Actor?.Attributes?.name ?? Actor?.ID ?? "",
    next: `${nextNano / second}.${String(nextNano % second).padStart(9, "0")}`,
  };
}

const second = 1_000_000_000n;
