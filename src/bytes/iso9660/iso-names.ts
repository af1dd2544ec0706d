// ECMA-119 7.5, 7.6 and 10.1: identifiers of interchange level 1, such as "README.TXT;1".
// Only boot loaders read them; everybody else takes the true names from Rock Ridge.

const maxStem = 8;
const maxExtension = 3;

export interface NamedEntry {
  readonly name: string;
  readonly isDirectory: boolean;
}

/**
 * An identifier for each entry of one folder, in the same order: all different, and a name of
 * "8.3" letters, digits and underscores keeps it, in upper case, however its neighbours are called.
 */
export function assignIsoNames(entries: readonly NamedEntry[]): string[] {
  const taken = new Set<string>();
  const nextNumbers = new Map<string, number>();
  const identifiers = new Map<NamedEntry, string>();
  const mangled = entries.map((entry) => ({ entry, ...mangle(entry) }));
  const kept = mangled.filter(({ isExact }) => isExact);
  const changed = mangled.filter(({ isExact }) => !isExact);
  for (const { entry, stem, extension } of [...kept, ...changed]) {
    let name = join(stem, extension);
    while (taken.has(name)) {
      const number = nextNumbers.get(`${stem}.${extension}`) ?? 1;
      nextNumbers.set(`${stem}.${extension}`, number + 1);
      const digits = number.toString(36).toUpperCase();
      name = join(`${stem.slice(0, maxStem - digits.length)}${digits}`, extension);
    }
    taken.add(name);
    identifiers.set(entry, entry.isDirectory ? name : withVersion(name));
  }
  return entries.map((entry) => identifiers.get(entry) ?? "");
}

/** ECMA-119 9.3: the order of records, with stem and extension filled up with spaces. */
export function isoSortKey(identifier: string): string {
  const [stem = "", extension = ""] = identifier.replace(/;1$/, "").split(".");
  return stem.padEnd(maxStem) + extension.padEnd(maxExtension);
}

function mangle({ name, isDirectory }: NamedEntry) {
  const dot = isDirectory ? -1 : name.lastIndexOf(".");
  const rawStem = dot > 0 ? name.slice(0, dot) : name;
  const rawExtension = dot > 0 ? name.slice(dot + 1) : "";
  const stem = dCharacters(rawStem).slice(0, maxStem);
  const extension = dCharacters(rawExtension).slice(0, maxExtension);
  return { stem, extension, isExact: join(stem, extension) === name.toUpperCase() };
}

function dCharacters(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9_]/gu, "_").toUpperCase();
}

function join(stem: string, extension: string): string {
  return extension === "" ? stem : `${stem}.${extension}`;
}

/** ECMA-119 7.5.1: a file's identifier always has a full stop and a version. */
function withVersion(name: string): string {
  return name.includes(".") ? `${name};1` : `${name}.;1`;
}
