import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { createCleartextMessage, generateKey, type PrivateKey, reformatKey, sign } from "openpgp";
import type { LockedPackage } from "../../../src/iso/debian/lock.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

/** The moment that tests of Debian archives take place at. */
export const testNow = new Date("2026-11-20T12:00:00Z");

const hourMs = 60 * 60 * 1000;
export const hoursAgo = (hours: number) => new Date(testNow.getTime() - hours * hourMs);

export interface ArchiveKey {
  readonly privateKey: PrivateKey;
  readonly armored: string;
}

const keyDate = hoursAgo(1000);

/** A key made 1000 hours ago that never expires. */
export async function generateArchiveKey(): Promise<ArchiveKey> {
  const { privateKey, publicKey } = await generateKey({
    type: "curve25519",
    userIDs: [{ name: "Test Archive Key", email: "archive@example.org" }],
    date: keyDate,
    format: "object",
  });
  return { privateKey, armored: publicKey.armor() };
}

/** The same key, armored, said to expire that long after it was made. */
export async function publicKeyWithLifetime(
  { privateKey }: ArchiveKey,
  { hours }: { hours: number },
): Promise<string> {
  const keyExpirationTime = hours * 3600;
  const { publicKey } = await reformatKey({
    ...{ privateKey, keyExpirationTime, date: keyDate, format: "object" },
    userIDs: [{ name: "Test Archive Key", email: "archive@example.org" }],
  });
  return publicKey.armor();
}

/** A folder with those keys in it, as templates/keys. */
export async function keysDirectory(...keys: readonly ArchiveKey[]): Promise<string> {
  const directory = join(await temporaryDirectory(), "keys");
  await mkdir(directory);
  for (const [index, { armored }] of keys.entries()) {
    await writeFile(join(directory, `key-${index}.asc`), armored);
  }
  return directory;
}

export interface TestPackage {
  readonly name: string;
  readonly version?: string;
  readonly architecture?: string;
  /** Further fields: Depends, Provides … */
  readonly fields?: Readonly<Record<string, string>>;
  /** What stands in for the .deb. */
  readonly content?: string | Uint8Array;
}

export interface RepositoryOptions {
  readonly key: ArchiveKey;
  readonly packages?: readonly TestPackage[];
  readonly suite?: string;
  readonly codename?: string;
  readonly date?: Date;
  readonly validUntil?: Date;
  /** When the signature is made; at `date` unless given. */
  readonly signedAt?: Date;
  readonly byHash?: "yes" | "no";
}

/** The files of a Debian archive with one suite, `trixie` for amd64 unless told otherwise. */
export async function debianRepository({
  key,
  packages = [{ name: "engine" }],
  suite = "stable",
  codename = "trixie",
  date = hoursAgo(2),
  validUntil,
  signedAt = date,
  byHash = "yes",
}: RepositoryOptions): Promise<Map<string, Uint8Array>> {
  const index = gzipSync(packagesFile(packages));
  const indexPath = "main/binary-amd64/Packages.gz";
  const release = [
    "Origin: Debian",
    `Suite: ${suite}`,
    `Codename: ${codename}`,
    `Date: ${date.toUTCString()}`,
    ...(validUntil ? [`Valid-Until: ${validUntil.toUTCString()}`] : []),
    `Acquire-By-Hash: ${byHash}`,
    "Architectures: all amd64",
    "Components: main",
    "SHA256:",
    ` ${sha256(index)} ${index.length} ${indexPath}`,
    "",
  ].join("\n");
  const inRelease = await clearSign(release, key, signedAt);
  const servedPath =
    byHash === "yes" ? `main/binary-amd64/by-hash/SHA256/${sha256(index)}` : indexPath;
  return new Map<string, Uint8Array>([
    [`dists/${codename}/InRelease`, inRelease],
    [`dists/${codename}/${servedPath}`, index],
    ...packages.map((item): [string, Uint8Array] => [locked(item).filename, contentOf(item)]),
  ]);
}

export async function clearSign(text: string, key: ArchiveKey, date: Date): Promise<Uint8Array> {
  const message = await createCleartextMessage({ text });
  return Buffer.from(await sign({ message, signingKeys: key.privateKey, date }));
}

/** A Packages file. */
export function packagesFile(packages: readonly TestPackage[]): string {
  return packages
    .map((item) => {
      const { name, version, architecture, filename, size, sha256 } = locked(item);
      return Object.entries({
        Package: name,
        Version: version,
        Architecture: architecture,
        Maintainer: "Łukasz Example <lukasz@example.org>",
        ...item.fields,
        Description: "a package for tests",
        Filename: filename,
        Size: String(size),
        SHA256: sha256,
      })
        .map(([field, value]) => `${field}: ${value}\n`)
        .join("");
    })
    .join("\n");
}

/** The package as a lock has it. */
export function locked(item: TestPackage): LockedPackage {
  const { name, version = "1.0-1", architecture = "amd64" } = item;
  const content = contentOf(item);
  return {
    ...{ name, version, architecture },
    filename: `pool/main/${name[0]}/${name}/${name}_${version}_${architecture}.deb`,
    size: content.length,
    sha256: sha256(content),
  };
}

function contentOf({ name, content = `content of ${name}` }: TestPackage): Uint8Array {
  return typeof content === "string" ? Buffer.from(content) : content;
}

export function sha256(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}
