import * as z from "zod";
import type { Devtools } from "./devtools-pipe.ts";

/** A page in a browser, as a user has it: looked at, clicked, typed into. */
export interface Page {
  /** The value of an expression of JavaScript in the page; promises are awaited. */
  evaluate(expression: string): Promise<unknown>;
  /** Clicks in the middle of the first element that the selector finds, with a mouse. */
  click(selector: string): Promise<void>;
  press(key: "Enter" | "Escape" | "Tab"): Promise<void>;
  type(text: string): Promise<void>;
  /** Waits until the expression is true; the page itself looks at each frame. */
  until(expression: string): Promise<void>;
  resize(width: number, height: number): Promise<void>;
  prefer(scheme: "light" | "dark"): Promise<void>;
  /** As a PNG. */
  screenshot(): Promise<Buffer>;
  /** The addresses of all that the page has asked for. */
  requests(): string[];
  /** Exceptions and messages of the page's console, among them what its policy has refused. */
  complaints(): string[];
}

interface Connection {
  readonly devtools: Devtools;
  readonly sessionId: string;
}

const waitMs = 30_000;

const keys = {
  Enter: { key: "Enter", code: "Enter", windowsVirtualKeyCode: 13, text: "\r" },
  Escape: { key: "Escape", code: "Escape", windowsVirtualKeyCode: 27 },
  Tab: { key: "Tab", code: "Tab", windowsVirtualKeyCode: 9 },
};

export async function openPage(url: string, connection: Connection): Promise<Page> {
  const { devtools, sessionId } = connection;
  const send = (method: string, params?: object) => devtools.send(method, params, sessionId);
  const evaluate = async (expression: string) => {
    const answer = await send("Runtime.evaluate", {
      expression,
      awaitPromise: true,
      returnByValue: true,
    });
    const { result, exceptionDetails } = evaluationSchema.parse(answer);
    if (exceptionDetails !== undefined) throw new Error(JSON.stringify(exceptionDetails));
    return result.value;
  };
  for (const domain of ["Page", "Network", "Runtime", "Log"]) await send(`${domain}.enable`);
  const position = devtools.events.length;
  await send("Page.navigate", { url });
  await devtools.event("Page.loadEventFired", position);
  await send("Page.bringToFront");
  // Clicks at a page that was not shown yet are lost.
  await evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");
  return {
    evaluate,
    async click(selector) {
      const place = z
        .object({ x: z.number(), y: z.number() })
        .parse(await evaluate(middleOf(selector)));
      const mouse = { ...place, button: "left", clickCount: 1 };
      await send("Input.dispatchMouseEvent", { type: "mousePressed", ...mouse });
      await send("Input.dispatchMouseEvent", { type: "mouseReleased", ...mouse });
    },
    async press(key) {
      await send("Input.dispatchKeyEvent", { type: "keyDown", ...keys[key] });
      await send("Input.dispatchKeyEvent", { type: "keyUp", ...keys[key] });
    },
    async type(text) {
      await send("Input.insertText", { text });
    },
    async until(expression) {
      await evaluate(`new Promise((resolve, reject) => {
        setTimeout(() => reject(new Error("not in time: " + ${JSON.stringify(expression)})), ${waitMs});
        const look = () => (${expression}) ? resolve() : requestAnimationFrame(look);
        look();
      })`);
    },
    async resize(width, height) {
      await send("Emulation.setDeviceMetricsOverride", {
        width,
        height,
        deviceScaleFactor: 1,
        mobile: width < 600,
      });
    },
    async prefer(scheme) {
      const features = [{ name: "prefers-color-scheme", value: scheme }];
      await send("Emulation.setEmulatedMedia", { features });
    },
    async screenshot() {
      const { data } = z.object({ data: z.base64() }).parse(await send("Page.captureScreenshot"));
      return Buffer.from(data, "base64");
    },
    requests: () => valuesOf(connection, "Network.requestWillBeSent", requestSchema),
    complaints: () => [
      ...valuesOf(
        connection,
        "Runtime.exceptionThrown",
        z.unknown().transform((it) => JSON.stringify(it)),
      ),
      ...valuesOf(connection, "Log.entryAdded", logSchema),
    ],
  };
}

const evaluationSchema = z.object({
  result: z.object({ value: z.unknown().optional() }),
  exceptionDetails: z.unknown().optional(),
});
const requestSchema = z
  .object({ request: z.object({ url: z.string() }) })
  .transform(({ request }) => request.url);
const logSchema = z
  .object({ entry: z.object({ text: z.string() }) })
  .transform(({ entry }) => entry.text);

function middleOf(selector: string): string {
  return `(() => {
    const element = document.querySelector(${JSON.stringify(selector)});
    element.scrollIntoView({ block: "center" });
    const { x, y, width, height } = element.getBoundingClientRect();
    return { x: x + width / 2, y: y + height / 2 };
  })()`;
}

function valuesOf(
  { devtools, sessionId }: Connection,
  method: string,
  schema: z.ZodType<string>,
): string[] {
  return devtools.events
    .filter((event) => event.method === method && event.sessionId === sessionId)
    .map(({ params }) => schema.parse(params));
}
