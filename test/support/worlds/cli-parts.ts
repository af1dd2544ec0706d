import { Socket } from "node:net";
import type { ProcessParts } from "../../../src/cli/cli.ts";

export interface RecordedParts extends ProcessParts {
  /** What went to stdout so far. */
  printed(): string;
  /** What went to stderr so far. */
  complained(): string;
}

/** A process without a terminal, whose input is this text. */
export function recordedParts(changes: Partial<ProcessParts> & { typed?: string } = {}) {
  const { typed = "", ...parts } = changes;
  const [stdout, stderr] = [recordingStream(), recordingStream()];
  const recorded: RecordedParts = {
    ...{ programName: "tsmachine", version: "1.2.3", platform: "linux", environment: {} },
    answers: "text",
    ...{
      openInput: () => inputOf(typed),
      output: { stdout: stdout.stream, stderr: stderr.stream },
    },
    signal: new AbortController().signal,
    leaveInterruptsToProgram: () => {},
    printed: stdout.written,
    complained: stderr.written,
    ...parts,
  };
  return recorded;
}

function inputOf(text: string): NodeJS.ReadStream {
  const stream: NodeJS.ReadStream = Object.assign(new Socket(), {
    ...{ isTTY: false, isRaw: false },
    setRawMode: () => stream,
  });
  if (text !== "") stream.push(text);
  stream.push(null);
  return stream;
}

function recordingStream() {
  let text = "";
  const done = () => true;
  const stream: NodeJS.WriteStream = Object.assign(new Socket(), {
    ...{ isTTY: false, columns: 80, rows: 24 },
    ...{ clearLine: done, clearScreenDown: done, cursorTo: done, moveCursor: done },
    getColorDepth: () => 1,
    hasColors: () => false,
    getWindowSize: (): [number, number] => [80, 24],
    write: (chunk: string | Uint8Array) => {
      text += typeof chunk === "string" ? chunk : Buffer.from(chunk).toString();
      return true;
    },
  });
  return { stream, written: () => text };
}
