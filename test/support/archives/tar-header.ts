/** Where the header of a tar member has its fields: pax(1), "ustar Interchange Format". */
const fields = {
  name: { offset: 0, size: 100 },
  mode: { offset: 100, size: 8 },
  uid: { offset: 108, size: 8 },
  size: { offset: 124, size: 12 },
  type: { offset: 156, size: 1 },
} as const;

export type TarFields = Partial<Readonly<Record<keyof typeof fields, string | Uint8Array>>>;

/** The archive with those fields of its first header in another form, and the checksum right. */
export function withTarFields(tar: Uint8Array, changes: TarFields): Buffer {
  const changed = Buffer.from(tar);
  for (const [name, { offset, size }] of Object.entries(fields)) {
    const value = Object.entries(changes).find(([field]) => field === name)?.[1];
    if (value === undefined) continue;
    changed.fill(0, offset, offset + size);
    changed.set(Buffer.from(value).subarray(0, size), offset);
  }
  return withTarChecksum(changed);
}

/** The archive with the checksum of its first header made right. */
export function withTarChecksum(tar: Uint8Array): Buffer {
  const changed = Buffer.from(tar);
  changed.write("        ", 148);
  const sum = changed.subarray(0, 512).reduce((total, byte) => total + byte, 0);
  changed.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return changed;
}
