// ECMA-119 chapter 7: numerical values and dates.
import { ascii, uint8, uint16be, uint16le, uint32be, uint32le } from "../../integers.ts";

/** ECMA-119 7.2.3: first little-endian, then big-endian. */
export function both16(value: number): Uint8Array {
  return Buffer.concat([uint16le(value), uint16be(value)]);
}

/** ECMA-119 7.3.3. */
export function both32(value: number): Uint8Array {
  return Buffer.concat([uint32le(value), uint32be(value)]);
}

/** ECMA-119 9.1.5: years since 1900, month, day, hour, minute, second, offset from GMT. */
export function recordingDate(time: Date): Uint8Array {
  return Buffer.concat(
    [
      time.getUTCFullYear() - 1900,
      time.getUTCMonth() + 1,
      time.getUTCDate(),
      time.getUTCHours(),
      time.getUTCMinutes(),
      time.getUTCSeconds(),
      0,
    ].map(uint8),
  );
}

/** ECMA-119 8.4.26.1: YYYYMMDDhhmmss, hundredths of a second, offset from GMT. */
export function volumeDate(time: Date): Uint8Array {
  const digits = time.toISOString().replaceAll(/[-:T]/g, "").replace(".", "").slice(0, 16);
  return Buffer.concat([ascii(digits), uint8(0)]);
}

/** ECMA-119 8.4.26.1: a date that is not specified. */
export const noVolumeDate: Uint8Array = Buffer.concat([ascii("0".repeat(16)), uint8(0)]);
