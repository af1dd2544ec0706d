// ECMA-107 section 11.3: eight characters, and three more after a dot; of letters capitals alone.
import { asciiField } from "../integers.ts";

const shortName = /^([A-Z0-9!#$%&'()@^_`{}~-]{1,8})(?:\.([A-Z0-9!#$%&'()@^_`{}~-]{1,3}))?$/;

/** The 11 bytes of a name such as "BOOTX64.EFI". @throws Error for any other kind of name. */
export function encodeName(name: string): Uint8Array {
  const [, stem, extension = ""] = shortName.exec(name) ?? [];
  if (stem === undefined) {
    throw new Error(`"${name}" is not a name of FAT: 8 capitals or digits, a dot and 3 more`);
  }
  return Buffer.concat([asciiField(stem, 8), asciiField(extension, 3)]);
}

/** The 11 bytes of a volume's label. @throws RangeError when it has over 11 characters. */
export function encodeLabel(label: string): Uint8Array {
  return asciiField(label, 11);
}
