// Chrome DevTools Protocol over a pipe: JSON with a NUL after each message.
// https://chromedevtools.github.io/devtools-protocol/
import { once } from "node:events";
import type { Readable, Writable } from "node:stream";
import * as z from "zod";

const messageSchema = z.object({
  id: z.number().optional(),
  sessionId: z.string().optional(),
  method: z.string().optional(),
  params: z.unknown().optional(),
  result: z.unknown().optional(),
  error: z.object({ message: z.string() }).optional(),
});
type Message = z.infer<typeof messageSchema>;

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

export interface DevtoolsEvent {
  readonly method: string;
  readonly params: unknown;
  /** Of the page; undefined for what is the browser's. */
  readonly sessionId: string | undefined;
}

export interface Devtools {
  /** What the browser answers; it rejects with the browser's message, or when the browser ends. */
  send(method: string, params?: object, sessionId?: string): Promise<unknown>;
  /** All events so far, in their order. */
  readonly events: readonly DevtoolsEvent[];
  /** The first event of that name after `position` in `events`, as soon as it has come. */
  event(method: string, position: number): Promise<DevtoolsEvent>;
}

export function openDevtools(output: Writable, input: Readable): Devtools {
  const waiting = new Map<number, Waiting>();
  const events: DevtoolsEvent[] = [];
  const arrivals = new EventTarget();
  let lastId = 0;
  let ended = false;

  receiveMessages(input, (message) => {
    if (message.method !== undefined) {
      const { method, params, sessionId } = message;
      events.push({ method, params, sessionId });
      arrivals.dispatchEvent(new Event("arrival"));
    }
    if (message.id === undefined) return;
    const { resolve, reject } = waiting.get(message.id) ?? {};
    waiting.delete(message.id);
    if (message.error === undefined) resolve?.(message.result);
    else reject?.(new Error(message.error.message));
  });
  input.on("close", () => {
    ended = true;
    for (const { reject } of waiting.values()) reject(new Error("the browser has ended"));
    arrivals.dispatchEvent(new Event("arrival"));
  });
  // A browser that has ended shows as an answer that never comes.
  output.on("error", () => undefined);

  return {
    events,
    send(method, params = {}, sessionId) {
      lastId += 1;
      const id = lastId;
      const { promise, ...settle } = withResolvers();
      waiting.set(id, settle);
      if (ended) settle.reject(new Error("the browser has ended"));
      output.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
      return promise;
    },
    async event(method, position) {
      for (;;) {
        const found = events.slice(position).find((event) => event.method === method);
        if (found !== undefined) return found;
        if (ended) throw new Error(`the browser has ended before ${method}`);
        await once(arrivals, "arrival");
      }
    },
  };
}

function receiveMessages(input: Readable, receive: (message: Message) => void): void {
  let rest = "";
  input.setEncoding("utf8");
  input.on("data", (chunk: string) => {
    const texts = `${rest}${chunk}`.split("\0");
    rest = texts.pop() ?? "";
    for (const text of texts) receive(messageSchema.parse(JSON.parse(text)));
  });
}

/** Node 20 has no Promise.withResolvers. */
function withResolvers(): Waiting & { readonly promise: Promise<unknown> } {
  let settle: Waiting | undefined;
  const promise = new Promise<unknown>((resolve, reject) => {
    settle = { resolve, reject };
  });
  if (settle === undefined) throw new Error("a promise's executor has not run");
  return { ...settle, promise };
}
