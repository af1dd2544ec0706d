import { stripVTControlCharacters } from "node:util";
import { execa } from "execa";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { bundleProgram, type Program } from "../../support/run-typescript.ts";

const ctrlC = "\u0003";
const hideCursor = "\u001b[?25l";
const showCursor = "\u001b[?25h";

let program: Program;
beforeAll(async () => {
  program = await bundleProgram(new URL("./programs/show-grid.ts", import.meta.url));
});
afterAll(() => program[Symbol.asyncDispose]());

/** The program on a terminal of util-linux's script(1), of that width. */
function onTerminal(columns: number, environment: Readonly<Record<string, string>> = {}) {
  const command = `stty cols ${columns} rows 30; exec '${process.execPath}' '${program.path}'`;
  const { CI: _ci, NO_COLOR: _color, ...usual } = process.env;
  const script = execa("script", ["-qfec", command, "/dev/null"], {
    ...{ reject: false, timeout: 60_000, extendEnv: false },
    env: { ...usual, TERM: "xterm-256color", ...environment },
  });
  onTestFinished(() => void script.kill("SIGKILL"));
  let written = "";
  script.stdout.on("data", (chunk) => {
    written += chunk;
  });
  return {
    written: () => written,
    shows: (text: string) =>
      vi.waitUntil(() => stripVTControlCharacters(written).includes(text), { timeout: 30_000 }),
    type: (text: string) => script.stdin.write(text),
    ended: async () => (await script).exitCode,
  };
}

test("the grid is redrawn in place, and Ctrl-C leaves it and brings the cursor back", async () => {
  const terminal = onTerminal(80);
  await terminal.shows("» running 1 s");
  expect(terminal.written()).toContain("\u001b[32m✓ pass");
  expect(terminal.written()).toContain(hideCursor);
  terminal.type(ctrlC);
  expect(await terminal.ended()).toBe(130);
  const written = terminal.written();
  expect(written.lastIndexOf(showCursor)).toBeGreaterThan(written.lastIndexOf(hideCursor));
  const frames = stripVTControlCharacters(written.split("\u001b[G").at(-1) ?? "");
  expect(frames.split(/\r?\n/).map((line) => line.trimEnd())).toEqual([
    "smoke",
    "kernel  26.1",
    "6.1     ✓ pass",
    expect.stringMatching(/^6\.12 {4}» running \d+ s$/),
    "",
    expect.stringMatching(/^1 of 2 cells done in \d+ s: 1 pass; cancelled, removing machines$/),
    "cancelled",
    "",
  ]);
});

test("the grid has no colours under NO_COLOR, and a narrow terminal no grid", async () => {
  const pale = onTerminal(80, { NO_COLOR: "1" });
  await pale.shows("✓ pass");
  pale.type(ctrlC);
  await pale.ended();
  expect(pale.written()).not.toContain("\u001b[3");
  const narrow = onTerminal(30);
  await narrow.shows("Images: done in");
  narrow.type(ctrlC);
  expect(await narrow.ended()).toBe(130);
  expect(narrow.written()).not.toContain("pass");
});
