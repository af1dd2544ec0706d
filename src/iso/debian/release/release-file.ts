// Release files: https://wiki.debian.org/DebianRepository/Format#A.22Release.22_files
import * as z from "zod";
import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import { parseParagraph, words } from "../deb822.ts";

export interface IndexFile {
  /** Lower-case hexadecimal. */
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
}

/** What a suite's Release file says. */
export type Release = z.infer<typeof releaseSchema>;

/** @throws TsmachineError RELEASE_INVALID when a field is missing or has an unknown form. */
export function parseRelease(name: string, text: string): Release {
  const parsed = releaseSchema.safeParse(Object.fromEntries(parseParagraph(text)));
  if (parsed.success) return parsed.data;
  throw new TsmachineError(
    "RELEASE_INVALID",
    `${name} is not a usable Release file: ${z.prettifyError(parsed.error)}`,
    { cause: parsed.error },
  );
}

const dateSchema = z
  .string()
  .regex(/^[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d (UTC|GMT|\+0000)$/)
  .transform((text) => new Date(text))
  .refine((date) => !Number.isNaN(date.getTime()), "no such date");

const indexFileLine = /^([0-9a-f]{64})\s+(\d{1,15})\s+(\S+)$/;

const filesSchema = z.string().transform((text, context) => {
  const files = new Map<string, IndexFile>();
  for (const line of text.split("\n")) {
    const [, sha256, size, path] = indexFileLine.exec(line) ?? [];
    if (sha256 === undefined || size === undefined || path === undefined) {
      context.addIssue(`"${line}" is not a hash, a size and a path`);
      return z.NEVER;
    }
    files.set(path, { sha256, size: Number(size) });
  }
  return files;
});

const suiteNameSchema = z.string().regex(/^[a-z0-9][a-z0-9.+-]*$/);

const releaseSchema = z
  .object({
    suite: suiteNameSchema,
    codename: suiteNameSchema,
    version: z.string().optional(),
    date: dateSchema,
    "valid-until": dateSchema.optional(),
    architectures: z.string().transform(words),
    components: z.string().transform(words),
    "acquire-by-hash": z.stringbool().default(false),
    sha256: filesSchema,
  })
  .transform(
    ({ "valid-until": validUntil, "acquire-by-hash": byHash, sha256: files, ...fields }) => ({
      ...fields,
      validUntil,
      /** Index files are also served under the name of their hash, which never changes meaning. */
      byHash,
      /** By path below dists/SUITE. */
      files,
    }),
  );
