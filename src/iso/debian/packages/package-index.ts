// Packages files: https://wiki.debian.org/DebianRepository/Format#A.22Packages.22_Indices
import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import { type BinaryPackage, parseBinaryPackage } from "./binary-package.ts";
import { compareVersions } from "./version.ts";

export interface PackageIndex {
  /** What it is an index of, for messages: "trixie amd64". */
  readonly title: string;
  /** The names of all packages. */
  names(): Iterable<string>;
  /** Every version of the package of that name, newest first; none when there is no such one. */
  versionsOf(name: string): readonly BinaryPackage[];
  /** The packages that say they provide that name, in order of their own names, newest first. */
  providersOf(name: string): readonly BinaryPackage[];
}

/** Debian's longest has under a tenth of it. */
const maxParagraphBytes = 1 << 20;

/**
 * Reads a Packages file as it streams by. Of its 50 MB and more only the fields that choosing a
 * package needs are kept, as text: a paragraph is parsed when somebody asks for that package.
 * @throws TsmachineError RELEASE_INVALID for an entry of over 1 MiB; what `chunks` throws
 */
export async function readPackageIndex(
  title: string,
  chunks: AsyncIterable<Uint8Array>,
): Promise<PackageIndex> {
  const byName = new Map<string, string[]>();
  const byProvision = new Map<string, string[]>();
  for await (const paragraph of paragraphsOf(title, chunks)) {
    // Joining copies the lines: no slice of them keeps the whole file in memory.
    const entry = paragraph.match(neededField)?.join("\n") ?? "";
    const name = /^Package: (\S+)$/m.exec(entry)?.[1];
    if (name === undefined) continue;
    add(byName, name, entry);
    for (const provided of providedNames(entry)) add(byProvision, provided, entry);
  }
  return {
    title,
    names: () => byName.keys(),
    versionsOf: (name) => (byName.get(name) ?? []).map(parseBinaryPackage).sort(newestFirst),
    providersOf: (name) =>
      (byProvision.get(name) ?? []).map(parseBinaryPackage).sort(byNameThenNewest),
  };
}

/** Fields begin after a line feed alone; to "^" a carriage return would begin a line as well. */
const neededField =
  /(?<![^\n])(?:Package|Version|Architecture|Pre-Depends|Depends|Provides|Filename|Size|SHA256):.*(?:\n[ \t].*)*/g;

/** Read as Latin-1, a byte per character: the needed fields are ASCII, the others are dropped. */
async function* paragraphsOf(
  title: string,
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<string> {
  let pending = "";
  for await (const chunk of chunks) {
    const paragraphs = (pending + Buffer.from(chunk).toString("latin1")).split("\n\n");
    pending = paragraphs.pop() ?? "";
    if (pending.length > maxParagraphBytes) throw tooLongParagraph(title);
    yield* paragraphs;
  }
  yield pending;
}

function tooLongParagraph(title: string): TsmachineError {
  return new TsmachineError(
    "RELEASE_INVALID",
    `the package index of ${title} has an entry of over ${maxParagraphBytes} bytes`,
    { hints: ["name another mirror with --mirror"] },
  );
}

function providedNames(entry: string): string[] {
  const field = /^Provides:(.*(?:\n[ \t].*)*)/m.exec(entry)?.[1] ?? "";
  return [...new Set(field.split(",").flatMap((part) => /[a-z0-9][^\s(:]+/.exec(part)?.[0] ?? []))];
}

function add(map: Map<string, string[]>, key: string, entry: string): void {
  const entries = map.get(key);
  if (entries === undefined) map.set(key, [entry]);
  else entries.push(entry);
}

export function newestFirst(a: BinaryPackage, b: BinaryPackage): number {
  return compareVersions(b.locked.version, a.locked.version);
}

export function byNameThenNewest(a: BinaryPackage, b: BinaryPackage): number {
  if (a.locked.name === b.locked.name) return newestFirst(a, b);
  return a.locked.name < b.locked.name ? -1 : 1;
}
