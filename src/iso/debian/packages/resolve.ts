import * as z from "zod";
import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import type { LockedPackage } from "../lock.ts";
import type { BinaryPackage } from "./binary-package.ts";
import type { PackageIndex } from "./package-index.ts";
import {
  type Alternatives,
  admits,
  formatRelation,
  type Relation,
  relationSchema,
} from "./relations.ts";

export interface PackageRequest {
  /** Names, also with a version or alternatives: "docker.io (>= 26.1)", "docker-cli | docker.io". */
  readonly wanted: readonly string[];
  /** Names that count as installed, with all they provide, so that nothing pulls them in. */
  readonly without: readonly string[];
}

/** A package, and the one that needed it; undefined when it was wanted by itself. */
interface Choice {
  readonly package: BinaryPackage;
  readonly neededBy: Choice | undefined;
}

/**
 * The wanted packages with everything that they depend on, in order of name. Of alternatives one
 * that is already met is preferred, then the first that there is; of versions the newest that
 * fits. There is no going back on a choice: who wants another alternative than the first names it.
 * Conflicts are not looked at.
 * @throws TsmachineError PACKAGE_UNAVAILABLE, naming the chain of packages that asked for it;
 *   INVALID_INPUT when a name is no package's, or is both wanted and left out.
 */
export function resolvePackages(
  index: PackageIndex,
  { wanted, without }: PackageRequest,
): readonly LockedPackage[] {
  const leftOut = new Set(without);
  const chosen = new Map<string, Choice>();

  const isLeftOut = ({ name }: Relation) =>
    leftOut.has(name) ||
    index.providersOf(name).some((provider) => leftOut.has(provider.locked.name));

  const isChosen = (relation: Relation) =>
    candidatesFor(index, relation).some(
      ({ locked }) => chosen.get(locked.name)?.package.locked.version === locked.version,
    );

  const isFree = ({ locked }: BinaryPackage) =>
    !chosen.has(locked.name) && !leftOut.has(locked.name);

  const choose = (alternatives: Alternatives, neededBy: Choice | undefined) => {
    const found = alternatives
      .flatMap((relation) => candidatesFor(index, relation))
      .find((candidate) => isFree(candidate));
    if (found === undefined) throw unavailable(index, alternatives, neededBy);
    chosen.set(found.locked.name, { package: found, neededBy });
  };

  for (const alternatives of wanted.map(parseWanted)) {
    for (const relation of alternatives) {
      if (leftOut.has(relation.name)) throw contradictory(relation);
    }
    if (!alternatives.some(isChosen)) choose(alternatives, undefined);
  }
  // A Map's iteration also visits what is added on the way.
  for (const choice of chosen.values()) {
    for (const alternatives of choice.package.requirements) {
      const isMet = alternatives.some(isLeftOut) || alternatives.some(isChosen);
      if (!isMet) choose(alternatives, choice);
    }
  }
  return [...chosen.keys()].sort().flatMap((name) => chosen.get(name)?.package.locked ?? []);
}

function parseWanted(text: string): Alternatives {
  const parsed = z.array(relationSchema).safeParse(text.split("|"));
  if (parsed.success) return parsed.data;
  throw new TsmachineError("INVALID_INPUT", `"${text}" is not the name of a Debian package`, {
    hints: ['write it as "docker.io" or "docker.io (>= 26.1)"'],
  });
}

function contradictory({ name }: Relation): TsmachineError {
  return new TsmachineError("INVALID_INPUT", `package ${name} is both wanted and left out`, {
    hints: [`remove ${name} from one of the two lists`],
  });
}

/** Packages of that name come before packages that provide it. */
function candidatesFor(index: PackageIndex, relation: Relation): BinaryPackage[] {
  return [...index.versionsOf(relation.name), ...index.providersOf(relation.name)].filter(
    (candidate) => meets(candidate, relation),
  );
}

function meets({ locked, provisions }: BinaryPackage, relation: Relation): boolean {
  return (
    (locked.name === relation.name && admits(relation, locked.version)) ||
    provisions.some(
      ({ name, constraint }) => name === relation.name && admits(relation, constraint?.version),
    )
  );
}

function unavailable(
  { title }: PackageIndex,
  alternatives: Alternatives,
  neededBy: Choice | undefined,
): TsmachineError {
  const missing = alternatives.map(formatRelation).join(" | ");
  const chain: string[] = [];
  for (let link = neededBy; link !== undefined; link = link.neededBy) {
    chain.unshift(link.package.locked.name);
  }
  const asker = chain.length === 0 ? "" : `, which ${chain.join(" → ")} depends on`;
  return new TsmachineError(
    "PACKAGE_UNAVAILABLE",
    `no package of Debian ${title} meets "${missing}"${asker}`,
    {
      hints: ["choose a Debian release that has it, or a mirror that is complete, with --mirror"],
      context: { missing, chain },
    },
  );
}
