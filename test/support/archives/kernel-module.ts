/** A 64-bit little-endian ELF object of these sections, and of a section with their names. */
export function elfObject(sections: Readonly<Record<string, Uint8Array | string>>): Buffer {
  const named = [["", ""] as const, ...Object.entries(sections)];
  const names = [...named.map(([name]) => name), ".shstrtab"];
  const contents = [
    ...named.map(([, content]) => Buffer.from(content)),
    Buffer.from(names.map((name) => `${name}\0`).join("")),
  ];
  const headers = Buffer.alloc(64 * contents.length);
  let contentOffset = 64;
  let nameOffset = 0;
  for (const [index, content] of contents.entries()) {
    headers.writeUInt32LE(nameOffset, index * 64);
    headers.writeBigUInt64LE(BigInt(contentOffset), index * 64 + 24);
    headers.writeBigUInt64LE(BigInt(content.length), index * 64 + 32);
    contentOffset += content.length;
    nameOffset += (names[index] ?? "").length + 1;
  }
  const start = Buffer.alloc(64);
  start.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  start.writeBigUInt64LE(BigInt(contentOffset), 40);
  start.writeUInt16LE(64, 58);
  start.writeUInt16LE(contents.length, 60);
  start.writeUInt16LE(contents.length - 1, 62);
  return Buffer.concat([start, ...contents, headers]);
}

/** A kernel module that only says what it is: "name=isofs", "depends=cdrom". */
export function kernelModule(...modinfo: readonly string[]): Buffer {
  return elfObject({ ".text": "code", ".modinfo": modinfo.map((text) => `${text}\0`).join("") });
}
