import { pipeline, Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { invalidArchive } from "./invalid-archive.ts";
import { watchSource } from "./watched-source.ts";

export type Compression = "xz" | "gzip" | "none";

export interface DecompressOptions {
  readonly compression: Compression;
  /** Bytes after which decompression is given up. */
  readonly maxBytes: number;
  /** Whence the data come, for messages. */
  readonly path: string;
}

type Decoder = (compressed: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>;

const decoders = {
  xz: decompressXz,
  // An error reaches the one who reads, so the callback has nothing left to do.
  gzip: (compressed) => pipeline(Readable.from(compressed), createGunzip(), () => {}),
  none: (compressed) => compressed,
} as const satisfies Record<Compression, Decoder>;

/**
 * The decompressed bytes, in chunks.
 * @throws TsmachineError ARCHIVE_INVALID when the data are damaged, cut short or too many;
 *   what `compressed` itself throws, as it is.
 */
export async function* decompress(
  compressed: AsyncIterable<Uint8Array>,
  { compression, maxBytes, path }: DecompressOptions,
): AsyncGenerator<Uint8Array> {
  const source = watchSource(compressed);
  let size = 0;
  try {
    for await (const chunk of decoders[compression](source.chunks)) {
      size += chunk.length;
      if (size > maxBytes) break;
      yield chunk;
    }
  } catch (error) {
    if (source.isFailure(error)) throw error;
    throw invalidArchive(path, `its ${compression} data is damaged or cut short`, error);
  }
  if (size > maxBytes) throw invalidArchive(path, `it holds more than ${maxBytes} bytes`);
}

async function* decompressXz(compressed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  // Loaded here because a command that finds its images in the cache decompresses nothing.
  const { default: xz } = await import("xz-decompress");
  // It refuses streams that need a dictionary of more than 64 MiB.
  yield* new xz.XzReadableStream(webStreamOf(compressed));
}

function webStreamOf(chunks: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  const iterator = chunks[Symbol.asyncIterator]();
  return new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = await iterator.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      async cancel() {
        await iterator.return?.();
      },
    },
    { highWaterMark: 0 },
  );
}
