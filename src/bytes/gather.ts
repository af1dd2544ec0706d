const blockSize = 1 << 20;

/** The same bytes in fewer and larger chunks, so that many small files cost few writes. */
export async function* gather(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let block = Buffer.allocUnsafe(blockSize);
  let used = 0;
  for await (const chunk of chunks) {
    if (used + chunk.length > blockSize && used > 0) {
      yield block.subarray(0, used);
      block = Buffer.allocUnsafe(blockSize);
      used = 0;
    }
    if (chunk.length >= blockSize) {
      yield chunk;
    } else {
      block.set(chunk, used);
      used += chunk.length;
    }
  }
  if (used > 0) yield block.subarray(0, used);
}
