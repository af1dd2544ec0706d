// A bundle of chunks as the launcher runs it.
import { createRequire } from "node:module";
import { Script } from "node:vm";
import { expect, test } from "vitest";
import { type Chunk, joinChunks } from "../../../scripts/build/join-chunks.ts";

/** What the script's first chunk exports. */
function runChunks(chunks: readonly Chunk[]): unknown {
  const evaluate = new Script(joinChunks(chunks)).runInThisContext();
  return evaluate(createRequire(import.meta.url), "/folder");
}

test("a chunk runs when it is first required, and once", () => {
  const exported = runChunks([
    {
      fileName: "main.js",
      code: `exports.log = []; exports.use = () => require("./lazy.js").push(exports.log);`,
    },
    {
      fileName: "lazy.js",
      code: `let runs = 0; runs += 1; exports.push = (log) => log.push(runs);`,
    },
  ]);
  expect(exported).toHaveProperty("log", []);
  const { log, use } = exported as { log: number[]; use(): void };
  use();
  use();
  expect(log).toEqual([1, 1]);
});

test("chunks that require each other see what is exported by then", () => {
  const exported = runChunks([
    { fileName: "main.js", code: `exports.one = 1; exports.two = require("./other.js").two;` },
    { fileName: "other.js", code: `exports.two = require("./main.js").one + 1;` },
  ]);
  expect(exported).toEqual({ one: 1, two: 2 });
});

test("anything else is Node's to find, and the folder is the file's", () => {
  const code = `exports.same = require("node:path").posix; exports.folder = __dirname;`;
  expect(runChunks([{ fileName: "main.js", code }])).toEqual({
    same: expect.objectContaining({ sep: "/" }),
    folder: "/folder",
  });
});

test("the script is ASCII and means the same characters", () => {
  const code = 'exports.text = "ä…😀" + `é`; exports.matches = /^[α-ω😀]+$/u.test("λ😀");';
  const chunks = [{ fileName: "main.js", code }];
  expect(joinChunks(chunks)).toMatch(/^[\0-\x7f]*$/);
  expect(runChunks(chunks)).toEqual({ text: "ä…😀é", matches: true });
});

test("without chunks there is nothing to run", () => {
  expect(() => joinChunks([])).toThrow("no chunks");
});
