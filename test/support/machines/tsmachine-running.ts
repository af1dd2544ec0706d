import { spawn } from "node:child_process";
import { once } from "node:events";
import { poll } from "../../../src/host/poll.ts";
import type { TestStore } from "./tsmachine.ts";

/** A program that tests look at, and interfere with, while it runs. */
export interface RunningProgram {
  /** Resolves when it has printed the text, on either stream. */
  printed(text: string): Promise<void>;
  /** What it has printed so far, on both streams. */
  output(): string;
  /** Gives it something to read, if it was started to. */
  type(text: string): void;
  kill(signal: NodeJS.Signals): void;
  ended(): Promise<ProgramEnd>;
}

export interface ProgramEnd {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Both streams, as they came. */
  readonly output: string;
}

/** Starts a program in the environment of the store, with nothing to read unless it is to read what is typed. */
export function startProgram(
  { environment }: TestStore,
  program: string,
  args: readonly string[],
  { reads = false }: { readonly reads?: boolean } = {},
): RunningProgram {
  const child = spawn(program, args, {
    env: { ...process.env, ...environment },
    stdio: [reads ? "pipe" : "ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  const end = once(child, "close");
  return {
    async printed(text) {
      const look = async () => {
        if (output.includes(text)) return true;
        if (child.exitCode !== null) throw new Error(`${program} ended: ${output}`);
        return undefined;
      };
      await until(look, `"${text}" from ${program}`);
    },
    output: () => output,
    type: (text) => void child.stdin?.write(text),
    kill: (signal) => void child.kill(signal),
    async ended() {
      const look = async () => child.exitCode !== null || child.signalCode !== null || undefined;
      await until(look, `the end of ${program}`);
      await end;
      return { exitCode: child.exitCode, signal: child.signalCode, output };
    },
  };
}

async function until(look: () => Promise<true | undefined>, waitingFor: string): Promise<void> {
  const timeoutMs = 5 * 60_000;
  await poll(look, { waitingFor, everyMs: 10, timeoutMs, signal: AbortSignal.timeout(timeoutMs) });
}
