import type { OutputChunk } from "rolldown";

/** A part of a program as a CommonJS module; the first is the one that is run. */
export type Chunk = Pick<OutputChunk, "fileName" | "code">;

/**
 * The chunks as one script, in ASCII. Its value is a function that takes Node's require and the file's folder and gives what the
 * first chunk exports. Each chunk is a function in it, which is called when another chunk requires it first.
 */
export function joinChunks(chunks: readonly Chunk[]): string {
  const [main] = chunks;
  if (main === undefined) throw new Error("there are no chunks");
  const functions = chunks.map(
    ({ fileName, code }) => `${JSON.stringify(nameOf(fileName))}(require, exports) {${code}\n},\n`,
  );
  return toAscii(`(function (require, __dirname) { "use strict";
const chunks = {
${functions.join("")}};
const loaded = new Map();
const load = (name) => {
  const chunk = chunks[name];
  if (chunk === undefined) return require(name);
  let exports = loaded.get(name);
  if (exports === undefined) {
    loaded.set(name, (exports = {}));
    chunk(load, exports);
  }
  return exports;
};
return load(${JSON.stringify(nameOf(main.fileName))}); })
`);
}

/** What other chunks require it by. */
const nameOf = (fileName: string) => `./${fileName}`;

/**
 * The same program: what is not ASCII is in string, template and regular expression literals, where escapes mean the
 * characters. V8 takes twice the memory for a script that has any other characters than those of Latin-1.
 */
function toAscii(text: string): string {
  return text.replace(
    /[^\0-\x7f]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
