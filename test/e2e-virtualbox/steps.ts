import { writeFile } from "node:fs/promises";
import { stdout } from "node:process";
import { messageOf } from "../../src/errors/message-of.ts";

export interface Step {
  readonly title: string;
  readonly seconds: number;
  /** Undefined when it went well. */
  readonly failure: string | undefined;
}

/** Runs steps one after the other until one fails, and tells of each as it ends. */
export class Steps {
  readonly #done: Step[] = [];
  readonly #reportPath: string;

  constructor(reportPath: string) {
    this.#reportPath = reportPath;
  }

  async run<T>(title: string, action: () => Promise<T>): Promise<T> {
    const begun = performance.now();
    const end = async (failure: string | undefined) => {
      const seconds = Math.round((performance.now() - begun) / 100) / 10;
      this.#done.push({ title, seconds, failure });
      stdout.write(`${failure === undefined ? "ok    " : "FAILED"} ${seconds} s  ${title}\n`);
      // After each, so that an interrupted run tells how far it came.
      await writeFile(this.#reportPath, JSON.stringify({ steps: this.#done }));
    };
    try {
      const result = await action();
      await end(undefined);
      return result;
    } catch (error) {
      await end(messageOf(error));
      throw error;
    }
  }
}
