import { appendFile, rename, rm, truncate, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { expect, onTestFinished, test, vi } from "vitest";
import { readLog } from "../../../src/host/files/read-log.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const { signal } = new AbortController();

async function logWith(content: string | Uint8Array): Promise<string> {
  const path = join(await temporaryDirectory(), "console.log");
  await writeFile(path, content);
  return path;
}

async function lastLines(path: string, lines: number | undefined): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of readLog(path, { lines, isFollowed: false, signal })) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Follows the file, with what has come so far. */
function follow(path: string, lines?: number) {
  const controller = new AbortController();
  let text = "";
  const reading = { lines, isFollowed: true, everyMs: 5, signal: controller.signal };
  const ended = (async () => {
    for await (const chunk of readLog(path, reading)) text += chunk.toString();
  })();
  const settled = ended.catch(() => {});
  onTestFinished(async () => {
    controller.abort();
    await settled;
  });
  const until = (wanted: string) => vi.waitFor(() => expect(text).toBe(wanted), 5_000);
  return { until, ended, controller };
}

test.each([
  { content: "a\nb\nc\n", lines: undefined, tail: "a\nb\nc\n" },
  { content: "a\nb\nc\n", lines: 2, tail: "b\nc\n" },
  { content: "a\nb\nc", lines: 2, tail: "b\nc" },
  { content: "a\n\n\n", lines: 2, tail: "\n\n" },
  { content: "a\nb\n", lines: 9, tail: "a\nb\n" },
  { content: "a\nb\n", lines: 0, tail: "" },
  { content: "", lines: 3, tail: "" },
])("the last $lines lines of $content", async ({ content, lines, tail }) => {
  expect((await lastLines(await logWith(content), lines)).toString()).toBe(tail);
});

test("the last lines of a log are its last lines, however long they are and whatever bytes they have", async () => {
  const line = fc.uint8Array({ maxLength: 40_000 }).map((bytes) => bytes.filter((b) => b !== 10));
  const logs = fc.tuple(fc.array(line, { maxLength: 8 }), fc.nat(9));
  await fc.assert(
    fc.asyncProperty(logs, async ([lines, count]) => {
      const whole = lines.map((one) => Buffer.concat([one, Buffer.from("\n")]));
      const path = await logWith(Buffer.concat(whole));
      const wanted = Buffer.concat(count === 0 ? [] : whole.slice(-count));
      expect((await lastLines(path, count)).equals(wanted)).toBe(true);
    }),
    { numRuns: 40 },
  );
});

test("a log that there is not is empty", async () => {
  expect(await lastLines(join(await temporaryDirectory(), "none.log"), 5)).toHaveLength(0);
});

test("what is appended to a followed log comes, after its last lines", async () => {
  const path = await logWith("old\nlast\n");
  const { until } = follow(path, 1);
  await until("last\n");
  await appendFile(path, "new\n");
  await until("last\nnew\n");
});

test("a followed log that is emptied is read from its beginning", async () => {
  const path = await logWith("old lines\n");
  const { until } = follow(path);
  await until("old lines\n");
  await truncate(path);
  await appendFile(path, "new\n");
  await until("old lines\nnew\n");
});

test("a followed log that is replaced is left for the new one, once it was read to its end", async () => {
  const path = await logWith("first\n");
  const { until } = follow(path);
  await until("first\n");
  await appendFile(path, "last words\n");
  await rename(path, `${path}.previous`);
  await writeFile(path, "second boot\n");
  await until("first\nlast words\nsecond boot\n");
});

test("a followed log that there is not yet is waited for, and is over with its folder", async () => {
  const path = await logWith("");
  await rm(path);
  const { until, ended } = follow(path, 3);
  await writeFile(path, "there\n");
  await until("there\n");
  await rm(dirname(path), { recursive: true });
  await ended;
});

test("a followed log is given up when the user says so", async () => {
  const { ended, controller } = follow(await logWith("x\n"));
  const reason = new Error("Ctrl-C");
  controller.abort(reason);
  await expect(ended).rejects.toBe(reason);
});
