// RRIP 1.12 section 4.1.3: a symbolic link's target, component by component.
import { uint8 } from "../../integers.ts";
import { systemUseField } from "./system-use.ts";

const continueFlag = 0x01;
const currentFlag = 0x02;
const parentFlag = 0x04;
const rootFlag = 0x08;

/** A SUSP field is at most 255 bytes long, five of which precede the components. */
const maxComponents = 250;
const componentHeaderSize = 2;

interface Component {
  readonly flags: number;
  readonly name: Uint8Array;
}

/** As many SL fields as the target needs. @throws RangeError for an empty target. */
export function symbolicLinkFields(target: string): Uint8Array[] {
  if (target === "") throw new RangeError("a symbolic link has no target");
  const records = packComponents(componentsOf(target));
  return records.map((components, index) => {
    const isLast = index === records.length - 1;
    return systemUseField("SL", uint8(isLast ? 0 : continueFlag), ...components);
  });
}

function componentsOf(target: string): Component[] {
  if (target === "/") return [flagged(rootFlag)];
  return target.split("/").map((part, index) => {
    if (part === "" && index === 0) return flagged(rootFlag);
    if (part === ".") return flagged(currentFlag);
    if (part === "..") return flagged(parentFlag);
    return { flags: 0, name: Buffer.from(part) };
  });
}

function flagged(flags: number): Component {
  return { flags, name: new Uint8Array(0) };
}

/** The encoded components of each record; one that does not fit goes on in the next record. */
function packComponents(components: readonly Component[]): Uint8Array[][] {
  let record: Uint8Array[] = [];
  const records = [record];
  let left = maxComponents;
  function startRecord(): void {
    record = [];
    records.push(record);
    left = maxComponents;
  }
  for (const component of components) {
    let { name } = component;
    if (left < componentHeaderSize + Math.min(name.length, 1)) startRecord();
    while (name.length > left - componentHeaderSize) {
      const cut = left - componentHeaderSize;
      record.push(encode({ flags: continueFlag, name: name.subarray(0, cut) }));
      name = name.subarray(cut);
      startRecord();
    }
    record.push(encode({ flags: component.flags, name }));
    left -= componentHeaderSize + name.length;
  }
  return records;
}

function encode({ flags, name }: Component): Uint8Array {
  return Buffer.concat([uint8(flags), uint8(name.length), name]);
}
