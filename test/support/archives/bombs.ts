import { crc32, gzipSync } from "node:zlib";

/** Bytes that one chunk of the archives here unpacks to. */
export const bombChunkBytes = 2 << 20;

/** A .xz of that many chunks of zeros, 371 bytes each, that lacks its end. */
export function xzBomb({ chunks }: { chunks: number }): Buffer {
  const header = xzHeader({ dictionarySize: 0x1c });
  return Buffer.concat([header, ...Array.from({ length: chunks }, () => xzChunk)]);
}

/** A .gz of that many chunks of zeros, 2 KB each, as members one after another. */
export function gzipBomb({ chunks }: { chunks: number }): Buffer {
  const member = gzipSync(Buffer.alloc(bombChunkBytes));
  return Buffer.concat(Array.from({ length: chunks }, () => member));
}

/** A .xz that asks for a dictionary of 4 GiB and holds 2 MiB. */
export function xzWithHugeDictionary(): Buffer {
  return Buffer.concat([xzHeader({ dictionarySize: 40 }), xzChunk]);
}

/**
 * Stream header without a check, and the header of an LZMA2 block:
 * https://tukaani.org/xz/xz-file-format.txt, 2.1.1, 3.1 and 5.3.1.
 */
function xzHeader({ dictionarySize }: { dictionarySize: number }): Buffer {
  const flags = Buffer.of(0, 0);
  const block = Buffer.of(2, 0, 0x21, 1, dictionarySize, 0, 0, 0);
  const magic = Buffer.of(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0);
  return Buffer.concat([magic, flags, crc32Of(flags), block, crc32Of(block)]);
}

function crc32Of(bytes: Uint8Array): Buffer {
  const sum = Buffer.alloc(4);
  sum.writeUInt32LE(crc32(bytes));
  return sum;
}

/** 2 MiB of zeros as xz 5.4 writes them: an LZMA2 chunk that resets dictionary and state. */
const xzChunk = Buffer.from(
  "//8RAWxdAABv/f//o7f/Rz5IFXI5YVG4kijmo4YH+e7kHoLTL8U6PAFLsX7JiopNL6MN2X+m44wjEVPgWRjFdYrid/i2lH8MasDedElk4ulcU7IE2PdEDKtfDW1G6eXDdoi3llestk3haR1v+0uIEGxCy4g/XACP0E6vJiiUcR89jyThcJ6nI1/sKMuF0ZWYin4qkfIndfcZwAaYTZj92K/VkA/EJVP49ZE2MQWlsO5vwXBNRwzRkRGqrWAdus6xJxhcWYbpZlJYvul2rFnk5VsFCPnH2q38+1IrdM0eWyBC+d1TPfgpZAk7gMsqbN+1O/DEvS5fqg8+S2ZCkBMO/xCT+HF4WfgLzf+VKEYPqfx83vuaMC5WwI+F84OBwGXEJVP49ZE2MQWlsO5vwXBNRwzRkRGqrWAdus6xJxhcWYbpZlJYvul2rFnk5VsFCPnH2q38+1IrdM0eWyBC+d1TPfgpZAk7gMsqbN+1O/DEvEgn5lg=",
  "base64",
);
