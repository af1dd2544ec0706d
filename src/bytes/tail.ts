/** The end of a stream of text. */
export interface Tail {
  add(chunk: Uint8Array): void;
  /** What was kept as text; a line in brackets says when there was more. */
  text(): string;
}

/** @param maxBytes as much is kept */
export function createTail(maxBytes: number): Tail {
  let chunks: Uint8Array[] = [];
  let keptBytes = 0;
  let leftOutBytes = 0;
  return {
    add(chunk) {
      chunks.push(chunk);
      keptBytes += chunk.byteLength;
      // Cut only now and then: many chunks are small.
      if (keptBytes > 2 * maxBytes) cut();
    },
    text() {
      cut();
      const text = new TextDecoder().decode(joined());
      return leftOutBytes === 0 ? text : `[${leftOutBytes} bytes left out]\n${text}`;
    },
  };

  function cut(): void {
    if (keptBytes <= maxBytes) return;
    const all = joined();
    leftOutBytes += keptBytes - maxBytes;
    chunks = [all.subarray(keptBytes - maxBytes)];
    keptBytes = maxBytes;
  }

  function joined(): Uint8Array {
    const all = new Uint8Array(keptBytes);
    let position = 0;
    for (const chunk of chunks) {
      all.set(chunk, position);
      position += chunk.byteLength;
    }
    return all;
  }
}
