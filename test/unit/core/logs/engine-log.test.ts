import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { appendFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { engineLogScript } from "../../../../src/core/logs/engine-log.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";

/** The guest's side, run here. */
function runScript(args: readonly string[], PATH = process.env.PATH) {
  const child = spawn("/bin/sh", ["-c", engineLogScript, "logs", ...args], { env: { PATH } });
  onTestFinished(() => void child.kill("SIGKILL"));
  let output = "";
  child.stdout.on("data", (bytes: Buffer) => {
    output += bytes.toString();
  });
  return { child, output: () => output, ended: ended(child) };
}

async function ended(child: ChildProcessWithoutNullStreams): Promise<unknown> {
  return (await once(child, "close"))[0];
}

async function logWith(content: string): Promise<string> {
  const path = join(await temporaryDirectory(), "dockerd.log");
  await writeFile(path, content);
  return path;
}

test.each([
  ["+1", "a\nb\nc\n"],
  ["2", "b\nc\n"],
  ["0", ""],
])("with %s it prints those lines and ends", async (count, lines) => {
  const { ended, output } = runScript([await logWith("a\nb\nc\n"), count, "once"]);
  expect(await ended).toBe(0);
  expect(output()).toBe(lines);
});

test("what follows goes on until its input ends, and then nothing of it is left", async () => {
  const path = await logWith("a\nb\n");
  const { child, ended, output } = runScript([path, "1", "follow"]);
  await vi.waitFor(() => expect(output()).toBe("b\n"), 5_000);
  await appendFile(path, "c\n");
  await vi.waitFor(() => expect(output()).toBe("b\nc\n"), 5_000);
  child.stdin.end();
  // The output is closed once no process has it any more.
  expect(await ended).not.toBe(0);
});

test.each(["once", "follow"])("without a log and a journal it fails (%s)", async (how) => {
  const path = join(await temporaryDirectory(), "none");
  const { ended } = runScript([path, "+1", how], await temporaryDirectory());
  expect(await ended).not.toBe(0);
});
