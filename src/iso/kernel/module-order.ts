import { canonicalName } from "./module-folder.ts";

export interface ModuleNeeds {
  readonly name: string;
  /** Names of the modules it needs directly. */
  readonly depends: readonly string[];
}

/**
 * The canonical names of those of the modules that are named, and of all that they need, in the
 * order to load them. Names of other modules are passed over.
 * @param modules each after all that it needs
 */
export function loadOrder(
  modules: readonly ModuleNeeds[],
  names: readonly string[],
): readonly string[] {
  const needed = withNeeds(modules, names.map(canonicalName));
  return modules.map(({ name }) => canonicalName(name)).filter((name) => needed.has(name));
}

/**
 * The text of modules.dep(5), with paths below the folder that it is in: for every module all that it needs, of which modprobe(8) loads the
 * last one first.
 * @param modules each after all that it needs
 */
export function modulesDep(modules: readonly (ModuleNeeds & { readonly path: string })[]): string {
  const pathOf = new Map(modules.map(({ name, path }) => [canonicalName(name), path]));
  const lineOf = ({ path, depends }: ModuleNeeds & { readonly path: string }) => {
    const paths = loadOrder(modules, depends).map((name) => pathOf.get(name));
    return `${[`${path}:`, ...paths.reverse()].join(" ")}\n`;
  };
  return modules.map(lineOf).join("");
}

function withNeeds(modules: readonly ModuleNeeds[], names: readonly string[]): Set<string> {
  const needsOf = new Map(modules.map(({ name, depends }) => [canonicalName(name), depends]));
  const all = new Set(names);
  // A Set's iteration also visits what is added on the way.
  for (const name of all) {
    for (const need of needsOf.get(name) ?? []) all.add(need);
  }
  return all;
}
