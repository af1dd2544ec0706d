import { isDeepStrictEqual } from "node:util";
import type { ImageLock } from "../image-lock.ts";

/**
 * What an image of one lock has otherwise than the lock that is wanted, in words that go on after its
 * name: "has runc 1.1 in place of 1.2". None when both make the same image.
 */
export function differencesBetween(found: ImageLock, wanted: ImageLock): readonly string[] {
  if (isDeepStrictEqual(found, wanted)) return [];
  const differences = [
    ...(found.architecture === wanted.architecture
      ? []
      : [`is for ${found.architecture} in place of ${wanted.architecture}`]),
    ...(found.templates === wanted.templates ? [] : ["was made by another version of tsmachine"]),
    ...compare(found.packages, wanted.packages),
    ...compare(found.inputs, wanted.inputs),
  ];
  return differences.length > 0 ? differences : ["was made of another state of the releases"];
}

interface Ingredient {
  readonly name: string;
  /** Files of the user's have none. */
  readonly version?: string;
  readonly sha256: string;
}

function compare(found: readonly Ingredient[], wanted: readonly Ingredient[]): readonly string[] {
  const rest = new Map(found.map((one) => [one.name, one]));
  const differences = wanted.flatMap((one) => {
    const other = rest.get(one.name);
    rest.delete(one.name);
    if (other === undefined) return [`lacks ${titleOf(one)}`];
    if (other.version !== one.version) return [`has ${titleOf(other)} in place of ${one.version}`];
    return other.sha256 === one.sha256 ? [] : [`has ${titleOf(one)} with other bytes`];
  });
  return [...differences, ...[...rest.values()].map((one) => `has ${titleOf(one)} besides`)];
}

function titleOf({ name, version }: Ingredient): string {
  return version === undefined ? name : `${name} ${version}`;
}
