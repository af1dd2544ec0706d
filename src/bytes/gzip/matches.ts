/** Bytes that were there before: RFC 1951, section 2. */
export interface Match {
  /** 3 to 258. */
  readonly length: number;
  /** How far back they begin: 1 to 32768. */
  readonly distance: number;
}

/** Finds matches in the bytes before a position, in the order of positions. */
export interface MatchFinder {
  /** The longest match of those that it looks at. */
  at(position: number): Match | undefined;
  /** Makes the three bytes at this position known; each position once, in order. */
  add(position: number): void;
}

const minLength = 3;
const maxLength = 258;
const windowSize = 32_768;
const hashBits = 15;
/** More find little that is longer. */
const maxCandidates = 64;

export function createMatchFinder(bytes: Uint8Array): MatchFinder {
  /** Of each hash the last position plus one; of each in the window the one before it with its hash. */
  const last = new Int32Array(1 << hashBits);
  const before = new Int32Array(windowSize);
  const at = (position: number) => bytes[position] ?? 0;
  const hashAt = (position: number) => {
    const three = at(position) | (at(position + 1) << 8) | (at(position + 2) << 16);
    return Math.imul(three, 0x9e3779b1) >>> (32 - hashBits);
  };

  function lengthOf(candidate: number, position: number): number {
    const limit = Math.min(maxLength, bytes.length - position);
    let length = 0;
    while (length < limit && bytes[candidate + length] === bytes[position + length]) length += 1;
    return length;
  }

  return {
    at(position) {
      if (position + minLength > bytes.length) return undefined;
      let longest: Match = { length: minLength - 1, distance: 0 };
      let candidate = (last[hashAt(position)] ?? 0) - 1;
      for (let tried = 0; tried < maxCandidates && candidate >= 0; tried += 1) {
        const distance = position - candidate;
        if (distance > windowSize) break;
        const length = lengthOf(candidate, position);
        if (length > longest.length) longest = { length, distance };
        candidate = (before[candidate % windowSize] ?? 0) - 1;
      }
      return longest.length >= minLength ? longest : undefined;
    },
    add(position) {
      if (position + minLength > bytes.length) return;
      const hash = hashAt(position);
      before[position % windowSize] = last[hash] ?? 0;
      last[hash] = position + 1;
    },
  };
}
