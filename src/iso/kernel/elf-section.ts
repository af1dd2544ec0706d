// ELF-64 object files, little-endian: System V ABI, chapter 4,
// https://refspecs.linuxfoundation.org/elf/gabi4+/contents.html
const elfHeaderSize = 64;
const sectionHeaderSize = 64;
const class64LittleEndian = Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 2, 1);

/**
 * The bytes of the section of this name; undefined when there is none or when the bytes are not
 * a little-endian ELF-64 file with all of its section headers and that section in place.
 */
export function findElfSection(elf: Uint8Array, name: string): Uint8Array | undefined {
  const bytes = Buffer.from(elf.buffer, elf.byteOffset, elf.length);
  if (bytes.length < elfHeaderSize) return undefined;
  if (bytes.compare(class64LittleEndian, 0, 6, 0, 6) !== 0) return undefined;
  const tableOffset = Number(bytes.readBigUInt64LE(40)); // e_shoff
  const entrySize = bytes.readUInt16LE(58); // e_shentsize
  const count = bytes.readUInt16LE(60); // e_shnum
  const nameIndex = bytes.readUInt16LE(62); // e_shstrndx
  if (entrySize !== sectionHeaderSize || nameIndex >= count) return undefined;
  const table = slice(bytes, tableOffset, count * sectionHeaderSize);
  if (table === undefined) return undefined;

  const contentOf = (index: number) => {
    const header = index * sectionHeaderSize;
    const offset = Number(table.readBigUInt64LE(header + 24)); // sh_offset
    const size = Number(table.readBigUInt64LE(header + 32)); // sh_size
    return slice(bytes, offset, size);
  };
  const names = contentOf(nameIndex);
  if (names === undefined) return undefined;
  const wanted = Buffer.from(`${name}\0`);
  for (let index = 0; index < count; index += 1) {
    const nameOffset = table.readUInt32LE(index * sectionHeaderSize); // sh_name
    if (slice(names, nameOffset, wanted.length)?.equals(wanted)) return contentOf(index);
  }
  return undefined;
}

/** Undefined where so many bytes are not there. */
function slice(bytes: Buffer, offset: number, size: number): Buffer | undefined {
  return offset + size <= bytes.length ? bytes.subarray(offset, offset + size) : undefined;
}
