/** Bits of DEFLATE, packed from the least significant bit of each byte on: RFC 1951, section 3.1.1. */
export interface BitWriter {
  /** A number, its least significant bit first; at most 16 bits. */
  number(value: number, bitCount: number): void;
  /** A Huffman code, its most significant bit first; at most 16 bits. */
  code(value: number, bitCount: number): void;
  /** All that was written; the last byte is filled up with zeros. */
  finish(): Uint8Array;
}

/** @param capacity bytes, of which no more will be written */
export function createBitWriter(capacity: number): BitWriter {
  const bytes = new Uint8Array(capacity);
  let length = 0;
  let pending = 0;
  let pendingCount = 0;

  function number(value: number, bitCount: number): void {
    pending |= value << pendingCount;
    pendingCount += bitCount;
    while (pendingCount >= 8) {
      bytes[length++] = pending & 0xff;
      pending >>>= 8;
      pendingCount -= 8;
    }
  }

  return {
    number,
    code(value, bitCount) {
      let reversed = 0;
      for (let bit = 0; bit < bitCount; bit += 1) {
        reversed = (reversed << 1) | ((value >>> bit) & 1);
      }
      number(reversed, bitCount);
    },
    finish() {
      if (pendingCount > 0) number(0, 8 - pendingCount);
      return bytes.subarray(0, length);
    },
  };
}
