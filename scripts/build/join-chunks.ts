import type { OutputChunk } from "rolldown";
import { escapeToAscii } from "./escape-to-ascii.ts";

/** A part of a program as a CommonJS module; the entry is the one that is run. */
export type Chunk = Pick<OutputChunk, "fileName" | "code" | "isEntry">;

/**
 * The chunks as one script, in ASCII: V8 takes twice the memory for a script with other characters than those of
 * Latin-1. Its value is a function that takes Node's require and the file's folder and gives what the entry
 * exports. Each chunk is a function in it, which is called when another chunk requires it first: V8 compiles
 * what is called.
 */
export function joinChunks(chunks: readonly Chunk[]): string {
  const entries = chunks.filter(({ isEntry }) => isEntry);
  const [entry] = entries;
  if (entry === undefined || entries.length > 1) throw new Error(`${entries.length} entries`);
  return `(function (require, __dirname) { "use strict";
const chunks = {
${chunks.map(asFunction).join(",\n")}
};
const loaded = new Map();
const load = (name) => {
  const chunk = chunks[name];
  if (chunk === undefined) return require(name);
  let exports = loaded.get(name);
  if (exports === undefined) {
    loaded.set(name, (exports = {}));
    // As in Node, one that fails is run again when it is required again.
    try { chunk(load, exports); } catch (error) { loaded.delete(name); throw error; }
  }
  return exports;
};
return load(${JSON.stringify(nameOf(entry))}); })
`;
}

/** What other chunks require it by. */
const nameOf = ({ fileName }: Chunk) => `./${fileName}`;

function asFunction(chunk: Chunk): string {
  // What import.meta.url becomes: the script does not know it.
  if (chunk.code.includes("__filename")) throw new Error(`${chunk.fileName} wants its own path`);
  const name = JSON.stringify(nameOf(chunk));
  return `${name}(require, exports) {${escapeToAscii(chunk.code)}\n}`;
}
