// RRIP 1.12 (IEEE P1282): POSIX names, modes, owners, links and devices as SUSP fields.
import { type FileEntry, statModeOf } from "../../file-tree.ts";
import { uint8 } from "../../integers.ts";
import { both32 } from "../ecma119/numbers.ts";
import { symbolicLinkFields } from "./symbolic-link.ts";
import { extensionsReferenceField, systemUseField } from "./system-use.ts";

/** A SUSP field is at most 255 bytes long, five of which precede a name. */
const maxNamePart = 250;
const maxName = 255;
const continueFlag = 0x01;

/** RRIP 4.3. */
export const rockRidgeReference: Uint8Array = extensionsReferenceField(
  "IEEE_P1282",
  "THE IEEE P1282 PROTOCOL PROVIDES SUPPORT FOR POSIX FILE SYSTEM SEMANTICS",
  "PLEASE CONTACT THE IEEE STANDARDS DEPARTMENT, PISCATAWAY, NJ, USA FOR THE P1282 SPECIFICATION",
);

export interface PosixAttributes {
  readonly entry: FileEntry;
  readonly linkCount: number;
  /** A number no other entry of the volume has. */
  readonly serial: number;
  /** As `recordingDate` gives it. */
  readonly date: Uint8Array;
}

/** All that an entry's record needs but its name. */
export function attributeFields({ entry, linkCount, serial, date }: PosixAttributes): Uint8Array[] {
  const common = [
    // RRIP 4.1.1
    systemUseField(
      "PX",
      both32(statModeOf(entry)),
      both32(linkCount),
      both32(entry.uid),
      both32(entry.gid),
      both32(serial),
    ),
    // RRIP 4.1.6: short form; modification, last access and attribute change
    systemUseField("TF", uint8(0x02 | 0x04 | 0x08), date, date, date),
  ];
  switch (entry.type) {
    case "symlink":
      return [...common, ...symbolicLinkFields(entry.target)];
    case "character-device":
    case "block-device":
      return [...common, deviceField(entry.major, entry.minor)];
    case "file":
    case "directory":
      return common;
  }
}

/** RRIP 4.1.4. @throws RangeError for a name that is empty or over 255 bytes. */
export function nameFields(name: string): Uint8Array[] {
  const bytes = Buffer.from(name);
  if (bytes.length === 0 || bytes.length > maxName) {
    throw new RangeError(`file name "${name}" has ${bytes.length} bytes`);
  }
  if (bytes.length <= maxNamePart) return [systemUseField("NM", uint8(0), bytes)];
  return [
    systemUseField("NM", uint8(continueFlag), bytes.subarray(0, maxNamePart)),
    systemUseField("NM", uint8(0), bytes.subarray(maxNamePart)),
  ];
}

/**
 * RRIP 4.1.2: the high and the low half of dev_t. While the high half is 0, all readers split the
 * low half after its eighth bit. Linux takes the two halves for the two numbers else, which is
 * the only way to tell it a minor number of over 8 bits; libisofs then shows other numbers.
 */
function deviceField(major: number, minor: number): Uint8Array {
  const isShort = minor <= 0xff;
  if (!isShort && major === 0) throw new RangeError(`device 0:${minor} cannot be written`);
  return systemUseField(
    "PN",
    both32(isShort ? 0 : major),
    both32(isShort ? major * 0x100 + minor : minor),
  );
}
