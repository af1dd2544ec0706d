import {
  directoryRecord,
  packRecords,
  parentIdentifier,
  rootIdentifier,
  systemUseRoom,
} from "./ecma119/directory-records.ts";
import type { Folder, Node } from "./folders.ts";
import { attributeFields, nameFields, rockRidgeReference } from "./rock-ridge/posix-fields.ts";
import { createContinuationArea, sharingProtocolField } from "./rock-ridge/system-use.ts";
import { type Extent, padToSector } from "./sectors.ts";

export interface Addresses {
  /** Where the content at a path lies: a folder's records, a file's bytes. */
  readonly extentOf: (path: string) => Extent;
  /** First sector of what does not fit into the records. */
  readonly continuationStart: number;
}

export interface EncodedDirectories {
  /** Whole sectors for each folder, in the order given. */
  readonly directories: readonly Uint8Array[];
  /** Whole sectors. */
  readonly continuation: Uint8Array;
}

/** The records of all folders. Their sizes do not depend on the addresses. */
export function encodeDirectories(
  folders: readonly Folder[],
  date: Uint8Array,
  { extentOf, continuationStart }: Addresses,
): EncodedDirectories {
  const area = createContinuationArea(continuationStart);
  const linkCounts = new Map(folders.map(({ node, children }) => [node, linkCountOf(children)]));

  function recordOf(node: Node, identifier: Uint8Array, names: Names): Uint8Array {
    const linkCount = linkCounts.get(node) ?? 1;
    const attributes = attributeFields({ ...node, linkCount, date });
    const fields = [...names.before, ...attributes, ...names.after];
    return directoryRecord({
      identifier,
      extent: extentOf(node.path),
      isDirectory: node.entry.type === "directory",
      date,
      systemUse: area.fit(fields, systemUseRoom(identifier)),
    });
  }

  const directories = folders.map(({ node, parent, children }) => {
    const parentNode = folders[parent]?.node ?? node;
    const own = recordOf(node, rootIdentifier, node.path === "" ? rootNames : noNames);
    const up = recordOf(parentNode, parentIdentifier, noNames);
    const records = children.map((child) =>
      recordOf(child, child.identifier, { before: nameFields(child.name), after: [] }),
    );
    return padToSector(packRecords([own, up, ...records]));
  });
  return { directories, continuation: area.bytes() };
}

/** The fields of a record besides its node's attributes. */
interface Names {
  readonly before: readonly Uint8Array[];
  readonly after: readonly Uint8Array[];
}

const noNames: Names = { before: [], after: [] };

/** SUSP 5.3 and 5.5: the root's first record begins with SP and names the extensions. */
const rootNames: Names = { before: [sharingProtocolField], after: [rockRidgeReference] };

/** A folder is named by its parent, by itself and by each folder in it. */
function linkCountOf(children: readonly Node[]): number {
  return 2 + children.filter(({ entry }) => entry.type === "directory").length;
}
