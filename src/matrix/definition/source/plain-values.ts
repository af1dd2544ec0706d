import type * as Yaml from "yaml";
import type { Node } from "yaml";
import type { Path, Problem } from "./source.ts";

/** Aliases in aliases multiply: this bounds what they make. */
const maxValues = 20_000;
/** An anchor around its own alias has no end. */
const maxDepth = 32;

/** Where a value begins in the text, and its key where it has one. */
export interface Offsets {
  readonly value: number;
  readonly key?: number;
}

export interface PlainValues {
  readonly value: unknown;
  /** By pathKey. What an alias stands for is where its anchor is. */
  readonly offsets: ReadonlyMap<string, Offsets>;
}

export function pathKey(path: Path): string {
  return JSON.stringify(path);
}

/** A node as plain values whose scalars are text. `refuse` is given what is wrong, and at which offset. */
export function plainValues(
  yaml: typeof Yaml,
  root: Node | null,
  refuse: (offset: number, problem: Problem) => Error,
): PlainValues {
  const offsets = new Map<string, Offsets>();
  const anchors = new Map<string, Node>();

  function plain(node: unknown, path: Path, key?: number): unknown {
    const offset = offsetOf(node) ?? key ?? 0;
    const known = { value: offset, ...(key !== undefined && { key }) };
    offsets.set(pathKey(path), known);
    if (offsets.size > maxValues) throw refuse(key ?? offset, tooMany);
    if (path.length > maxDepth) throw refuse(key ?? offset, tooDeep);
    if (yaml.isAlias(node)) {
      const anchored = anchors.get(node.source);
      if (anchored === undefined) throw refuse(offset, noAnchor(node.source));
      return plain(anchored, path, key);
    }
    if (!yaml.isNode(node)) return "";
    if (node.anchor !== undefined) anchors.set(node.anchor, node);
    if (yaml.isSeq(node)) return node.items.map((item, index) => plain(item, [...path, index]));
    if (!yaml.isMap(node)) return yaml.isScalar(node) ? String(node.value) : "";
    return Object.fromEntries(
      node.items.map(({ key: name, value }) => {
        const nameOffset = offsetOf(name) ?? offset;
        if (!yaml.isScalar(name)) throw refuse(nameOffset, noKey);
        const text = String(name.value);
        return [text, plain(value, [...path, text], nameOffset)];
      }),
    );
  }

  function offsetOf(node: unknown): number | undefined {
    return yaml.isNode(node) ? node.range?.[0] : undefined;
  }

  return { value: plain(root, []), offsets };
}

export const tooDeep: Problem = {
  what: "values are nested too deeply",
  hint: "write the keys as docs/matrix.md shows them",
};
const tooMany: Problem = {
  what: `there are more than ${maxValues} values, counting an alias as what it stands for`,
  hint: "split the file, or use fewer aliases",
};
const noKey: Problem = { what: "the key is no plain text", hint: "write the key as one word" };

function noAnchor(name: string): Problem {
  return {
    what: `there is no anchor for the alias "*${name}" before it`,
    hint: `put "&${name}" before the value that is meant, or quotes around text that begins with "*"`,
  };
}
