/** A source of chunks that remembers how it failed. */
export interface WatchedSource {
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Whether this very error is how the source failed, and not how its reader did. */
  isFailure(error: unknown): boolean;
}

/** Decoders rethrow their source's errors among their own; watching the source tells them apart. */
export function watchSource(source: AsyncIterable<Uint8Array>): WatchedSource {
  const failures: unknown[] = [];
  async function* chunks() {
    try {
      yield* source;
    } catch (error) {
      failures.push(error);
      throw error;
    }
  }
  return { chunks: chunks(), isFailure: (error) => failures.includes(error) };
}
