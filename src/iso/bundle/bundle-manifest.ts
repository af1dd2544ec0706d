import * as z from "zod";
import { architectureSchema } from "../../host/architecture.ts";
import { engineWishSchema } from "../images/engine/engine-wish.ts";
import { type ImageLock, imageLockSchema } from "../images/image-lock.ts";
import { kernelWishSchema } from "../images/kernel/kernel-wish.ts";

/** The first file of a bundle, which says what the others are. */
export const manifestName = "bundle.json";

const bundledFileSchema = z.object({
  /** In the bundle: below "debian" and "debian-security" as on a mirror; inputs by their hash. */
  path: z
    .string()
    .max(250)
    .regex(
      /^(?:debian(?:-security)?\/(?:dists|pool)\/[A-Za-z0-9.+~_:/-]+|inputs\/[0-9a-f]{64})$/,
      "is no path of a mirror",
    )
    .refine((path) => !path.split("/").some(isOddName), "leads elsewhere"),
  /** Bytes. */
  size: z.number().int().nonnegative(),
  /** Lower-case hexadecimal. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
export type BundledFile = Readonly<z.infer<typeof bundledFileSchema>>;

const suiteSchema = z.string().regex(/^[a-z0-9][a-z0-9.+-]*$/);

/**
 * What a bundle is for, and its files in their order. It is signed by nobody: whoever reads it
 * checks the packages by what Debian has signed, and chooses them again.
 */
export const bundleManifestSchema = z
  .object({
    bundleVersion: z.literal(1),
    architecture: architectureSchema,
    /** The suites of Debian that have the packages, as mirrors name their folders. */
    suites: z.array(suiteSchema).min(1).max(16),
    /** What was asked for, and what it came to. */
    images: z.object({
      boot: z.object({ wish: kernelWishSchema, lock: imageLockSchema }),
      engine: z.object({ wish: engineWishSchema, lock: imageLockSchema }),
    }),
    files: z.array(bundledFileSchema).min(1).max(10_000),
  })
  .superRefine((manifest, context) => {
    const problem = problemOf(manifest);
    if (problem !== undefined) context.addIssue(problem);
  });

type Parsed = z.infer<typeof bundleManifestSchema>;
export type BundleManifest = Readonly<Omit<Parsed, "images" | "files" | "suites">> & {
  readonly suites: readonly string[];
  readonly images: {
    readonly boot: { readonly wish: Parsed["images"]["boot"]["wish"]; readonly lock: ImageLock };
    readonly engine: {
      readonly wish: Parsed["images"]["engine"]["wish"];
      readonly lock: ImageLock;
    };
  };
  readonly files: readonly BundledFile[];
};

/** The packages and inputs of these locks as a bundle has them, each once, in order of path. */
export function lockedFiles(locks: readonly ImageLock[]): readonly BundledFile[] {
  const files = locks.flatMap(({ packages, inputs }) => [
    ...packages.map(({ archive = "debian", filename, size, sha256 }) => ({
      ...{ path: `${archive}/${filename}`, size, sha256 },
    })),
    ...inputs.map(({ size, sha256 }) => ({ path: `inputs/${sha256}`, size, sha256 })),
  ]);
  return inOrder([...new Map(files.map((file) => [file.path, file])).values()]);
}

/** In an order that depends on no locale. */
export function inOrder<T extends { readonly path: string }>(files: readonly T[]): readonly T[] {
  return files.toSorted((a, b) => (a.path < b.path ? -1 : Number(a.path > b.path)));
}

function problemOf({ architecture, suites, images, files }: Parsed): string | undefined {
  const { boot, engine } = images;
  if (boot.lock.kind !== "boot" || engine.lock.kind !== "engine")
    return "a lock is of another kind";
  const locks = [boot.lock, engine.lock];
  if (locks.some((lock) => lock.architecture !== architecture)) {
    return "a lock is of another architecture";
  }
  const listed = new Map(files.map((file) => [file.path, file]));
  if (listed.size < files.length) return "a file comes twice";
  const wanted = lockedFiles(locks);
  for (const { path, size, sha256 } of wanted) {
    const file = listed.get(path);
    if (file === undefined) return `it lacks ${path}`;
    if (file.size !== size || file.sha256 !== sha256) return `${path} is not the one of the lock`;
  }
  const known = new Set(wanted.map(({ path }) => path));
  const foreign = files.find(({ path }) => !known.has(path) && !isOfSuite(path, suites));
  return foreign && `nothing needs ${foreign.path}`;
}

function isOfSuite(path: string, suites: readonly string[]): boolean {
  const [, suite] = /^debian(?:-security)?\/dists\/([^/]+)\/./.exec(path) ?? [];
  return suite !== undefined && suites.includes(suite);
}

function isOddName(name: string): boolean {
  return name === "" || name === "." || name === "..";
}
