import { once } from "node:events";
import { PassThrough, Writable } from "node:stream";
import { text } from "node:stream/consumers";
import { describe, expect, test } from "vitest";
import type { Terminal, TerminalSize } from "../../../src/ssh/interactive.ts";
import { sessionWorld } from "../../support/network/session-world.ts";

const { signal } = new AbortController();
const { open } = await sessionWorld();

describe("runInteractive", () => {
  function streams(terminal?: Terminal) {
    const stdin = new PassThrough();
    const stdout = new PassThrough();
    const stderr = new PassThrough();
    return { stdin, stdout, stderr, signal, ...(terminal && { terminal }) };
  }

  test("connects the streams, ends with the command's status and leaves the outputs open", async () => {
    const { session } = await open();
    const io = streams();
    io.stdin.end("typed\n");
    expect(await session.runInteractive("cat; echo oops >&2; exit 3", io)).toBe(3);
    expect(io.stdout.writableEnded).toBe(false);
    io.stdout.end();
    io.stderr.end();
    expect(await text(io.stdout)).toBe("typed\n");
    expect(await text(io.stderr)).toBe("oops\n");
  });

  test("opens a shell when there is no command", async () => {
    const { session } = await open();
    const io = streams();
    io.stdin.end("echo $((6 * 7)); kill -INT $$\n");
    expect(await session.runInteractive(undefined, io)).toBe(130);
    io.stdout.end();
    expect(await text(io.stdout)).toBe("42\n");
  });

  test("tells the machine the terminal's type and size, and every change of it", async () => {
    const { session } = await open();
    const listeners = new Set<(size: TerminalSize) => void>();
    const io = streams({
      type: "xterm-256color",
      size: { columns: 80, rows: 24 },
      onResize: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    });
    const ending = session.runInteractive("terminal", io);
    expect(String(await once(io.stdout, "data"))).toBe("xterm-256color 80x24\n");
    for (const listener of listeners) listener({ columns: 132, rows: 43 });
    expect(String(await once(io.stdout, "data"))).toBe("132x43\n");
    io.stdin.write("bye\n");
    expect(await ending).toBe(0);
    expect(listeners.size).toBe(0);
  });

  test("stops reading when the command ends first, so that the program can end too", async () => {
    const { session } = await open();
    const io = streams();
    expect(await session.runInteractive("exit 0", io)).toBe(0);
    expect(io.stdin.isPaused()).toBe(true);
    expect(io.stdin.listenerCount("data")).toBe(0);
  });

  test("waits for a slow reader, so that nothing of the output is lost", async () => {
    const { session } = await open();
    const size = 3_000_000;
    let received = 0;
    const stdout = new Writable({
      highWaterMark: 1 << 14,
      write: (chunk: Buffer, _, done) => {
        received += chunk.length;
        setImmediate(done);
      },
    });
    const command = `head -c ${size} /dev/zero`;
    expect(await session.runInteractive(command, { ...streams(), stdout })).toBe(0);
    await new Promise<void>((resolve) => stdout.end(resolve));
    expect(received).toBe(size);
  });

  test("stops with the signal's reason", async () => {
    const { session } = await open();
    const controller = new AbortController();
    const reason = new Error("interrupted");
    const io = { ...streams(), signal: controller.signal };
    const ending = session.runInteractive("hang", io);
    await once(io.stdout, "data");
    controller.abort(reason);
    await expect(ending).rejects.toBe(reason);
  });
});
