/** Ends a source that gives much more than the members of it that were found to be right. */
export interface Allowance {
  /** Allows that many bytes more. */
  add(bytes: number): void;
  bounded(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array>;
}

/** @param slackBytes allowed in any case, for headers and what is read ahead */
export function createAllowance(slackBytes: number, tooMuch: () => Error): Allowance {
  let allowed = slackBytes;
  return {
    add: (bytes) => {
      allowed += bytes;
    },
    async *bounded(chunks) {
      let given = 0;
      for await (const chunk of chunks) {
        given += chunk.length;
        if (given > allowed) throw tooMuch();
        yield chunk;
      }
    },
  };
}
