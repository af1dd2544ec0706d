/**
 * Unsigned integers as bytes. Every function throws a RangeError for a value that does not fit:
 * nothing is ever truncated.
 */

export function uint8(value: number): Uint8Array {
  return Uint8Array.of(checked(value, 8));
}

export function uint16le(value: number): Uint8Array {
  const bytes = new Uint8Array(2);
  new DataView(bytes.buffer).setUint16(0, checked(value, 16), true);
  return bytes;
}

export function uint16be(value: number): Uint8Array {
  return uint16le(value).reverse();
}

export function uint32le(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, checked(value, 32), true);
  return bytes;
}

export function uint32be(value: number): Uint8Array {
  return uint32le(value).reverse();
}

/** Text of which every character is one ASCII byte. @throws RangeError when one is not. */
export function ascii(text: string): Uint8Array {
  const bytes = Buffer.from(text, "latin1");
  if (bytes.some((byte) => byte > 0x7f) || bytes.toString("latin1") !== text) {
    throw new RangeError(`"${text}" is not ASCII`);
  }
  return bytes;
}

/** ASCII text in a field of a fixed size. @throws RangeError when it is too long. */
export function asciiField(text: string, size: number, fill = " "): Uint8Array {
  if (text.length > size) throw new RangeError(`"${text}" is longer than ${size} bytes`);
  return ascii(text.padEnd(size, fill));
}

/** The number rounded up to a multiple of `unit`. */
export function roundUp(value: number, unit: number): number {
  return Math.ceil(value / unit) * unit;
}

/** How many bytes lie between `size` and the next multiple of `unit`. */
export function paddingAfter(size: number, unit: number): number {
  return roundUp(size, unit) - size;
}

function checked(value: number, bits: number): number {
  if (!Number.isInteger(value) || value < 0 || value >= 2 ** bits) {
    throw new RangeError(`${value} is not an unsigned integer of ${bits} bits`);
  }
  return value;
}
