/** Bytes of a logical sector, and of a logical block as this writer chooses it: ECMA-119 6.1.2. */
export const sectorSize = 2048;

/** Sectors that so many bytes take. */
export function sectorsFor(bytes: number): number {
  return Math.ceil(bytes / sectorSize);
}

/** Where a file or folder lies in the volume. */
export interface Extent {
  readonly sector: number;
  /** Bytes. */
  readonly size: number;
}

export const noExtent: Extent = { sector: 0, size: 0 };

/** The bytes, followed by zeros up to the end of their last sector. */
export function padToSector(bytes: Uint8Array): Uint8Array {
  const padded = new Uint8Array(sectorsFor(bytes.length) * sectorSize);
  padded.set(bytes);
  return padded;
}
