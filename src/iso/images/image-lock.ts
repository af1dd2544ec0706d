import * as z from "zod";
import { architectureSchema } from "../../host/architecture.ts";
import { lockedPackageSchema } from "../debian/lock.ts";
import { digestOf } from "../recipes/recipe.ts";

/** A file that is no package: a kernel that somebody built, an engine's archive. */
export const lockedInputSchema = z.object({
  /** What the image takes it for, such as "vmlinuz" or "modules.tar". */
  name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._+~-]*$/),
  /** Bytes. */
  size: z.number().int().nonnegative(),
  /** Lower-case hexadecimal. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
export type LockedInput = Readonly<z.infer<typeof lockedInputSchema>>;

export const imageKindSchema = z.enum(["boot", "engine"]);
export type ImageKind = z.infer<typeof imageKindSchema>;

/**
 * All that goes into an image, exactly: the same lock gives the same bytes, on any host and from
 * any mirror, of which it names none.
 */
export const imageLockSchema = z.object({
  lockVersion: z.literal(2),
  kind: imageKindSchema,
  architecture: architectureSchema,
  /** Digest of the recipe and the templates, which come with tsmachine. */
  templates: z.string(),
  /** The releases of Debian that the packages were chosen from, and when Debian made that state. */
  releases: z.array(z.object({ suite: z.string(), date: z.iso.datetime() })).min(1),
  packages: z.array(lockedPackageSchema),
  inputs: z.array(lockedInputSchema),
});
type Locked = z.infer<typeof imageLockSchema>;
export type ImageLock = Readonly<Omit<Locked, "releases" | "packages" | "inputs">> & {
  readonly releases: readonly Locked["releases"][number][];
  readonly packages: readonly Locked["packages"][number][];
  readonly inputs: readonly LockedInput[];
};

/** Names the image that is made of this: 16 hexadecimal digits. */
export function keyOf(lock: ImageLock): string {
  return digestOf(imageLockSchema.parse(lock)).slice(0, 16);
}

/** The time that every file of the image gets. */
export function timeOf({ releases }: ImageLock): Date {
  return new Date(Math.max(...releases.map(({ date }) => Date.parse(date))));
}
