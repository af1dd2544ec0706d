import { PassThrough } from "node:stream";
import type { Output } from "../../../src/cli/output/output.ts";

/** A stream that keeps what is written to it. */
export function recordingStream(properties: { isTTY?: boolean; columns?: number } = {}) {
  const stream = Object.assign(new PassThrough({ encoding: "utf8" }), properties);
  let text = "";
  stream.on("data", (chunk) => {
    text += chunk;
  });
  return { stream, written: () => text };
}

/** Writers for commands that print; each gives back its whole text. */
export function recordingOutput(): Output & { printed(): string; complained(): string } {
  let printed = "";
  let complained = "";
  return {
    stdout: {
      write: (text) => {
        printed += text;
      },
    },
    stderr: {
      write: (text) => {
        complained += text;
      },
    },
    printed: () => printed,
    complained: () => complained,
  };
}
