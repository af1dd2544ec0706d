/** The least and the greatest of .NET's integer types; undefined for any other type. */
export function integerRange(type: string): readonly [bigint, bigint] | undefined {
  if (type === "Byte") return [0n, 255n];
  const [, unsigned, bits] = /^(U?)Int(16|32|64)$/.exec(type) ?? [];
  if (bits === undefined) return undefined;
  const count = BigInt(bits);
  return unsigned === "U"
    ? [0n, 2n ** count - 1n]
    : [-(2n ** (count - 1n)), 2n ** (count - 1n) - 1n];
}
