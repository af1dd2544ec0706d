// A bundle of chunks as the launcher runs it.
import { createRequire } from "node:module";
import { Script } from "node:vm";
import { expect, test } from "vitest";
import { type Chunk, joinChunks } from "../../../scripts/build/join-chunks.ts";

const entry = (code: string): Chunk => ({ fileName: "main.js", code, isEntry: true });
const other = (fileName: string, code: string): Chunk => ({ fileName, code, isEntry: false });

/** What the script's entry exports. */
function runChunks(...chunks: readonly Chunk[]): unknown {
  const evaluate = new Script(joinChunks(chunks)).runInThisContext();
  return evaluate(createRequire(import.meta.url), "/folder");
}

test("a chunk runs when it is first required, and once", () => {
  const exported = runChunks(
    other("lazy.js", `let uses = 0; exports.push = (log) => log.push((uses += 1));`),
    other("unused.js", `throw new Error("nobody wants it");`),
    entry(`exports.log = []; exports.use = () => require("./lazy.js").push(exports.log);`),
  );
  expect(exported).toHaveProperty("log", []);
  const { log, use } = exported as { log: number[]; use(): void };
  use();
  use();
  expect(log).toEqual([1, 2]);
});

test("chunks that require each other see what is exported by then", () => {
  const exported = runChunks(
    entry(`exports.one = 1; exports.two = require("./other.js").two;`),
    other("other.js", `exports.two = require("./main.js").one + 1;`),
  );
  expect(exported).toEqual({ one: 1, two: 2 });
});

test("a chunk that fails does so each time it is required", () => {
  const exported = runChunks(
    entry(`exports.use = () => require("./broken.js");`),
    other("broken.js", `exports.half = 1; require("no-such-package");`),
  );
  const { use } = exported as { use(): unknown };
  expect(use).toThrow("no-such-package");
  expect(use).toThrow("no-such-package");
});

test("anything else is Node's to find, and the folder is the file's", () => {
  const code = `exports.same = require("node:path").posix; exports.folder = __dirname;`;
  expect(runChunks(entry(code))).toEqual({
    same: expect.objectContaining({ sep: "/" }),
    folder: "/folder",
  });
});

test("chunks without an entry, or with two, are refused", () => {
  expect(() => joinChunks([other("lazy.js", "")])).toThrow("0 entries");
  expect(() => joinChunks([entry(""), entry("")])).toThrow("2 entries");
});

test("a chunk that asks for its own path is refused", () => {
  expect(() => joinChunks([entry("exports.path = __filename;")])).toThrow("main.js wants its own");
});
