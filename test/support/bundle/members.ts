import { readFile, writeFile } from "node:fs/promises";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { extract, type Header } from "tar-stream";
import { tarArchive } from "../archives/deb.ts";
import { sha256 } from "../debian/repository.ts";

/** A member of a bundle, as tests change it. */
export interface BundleMember {
  readonly header: Partial<Header> & Pick<Header, "name">;
  readonly content: Buffer;
}

/** Writes the bundle anew with other members. */
export async function editBundle(
  path: string,
  edit: (members: readonly BundleMember[]) => readonly BundleMember[],
): Promise<void> {
  await writeFile(path, await editTar(await readFile(path), edit));
}

/** The tar archive with other members. */
export async function editTar(
  tar: Uint8Array,
  edit: (members: readonly BundleMember[]) => readonly BundleMember[],
): Promise<Buffer> {
  const members: BundleMember[] = [];
  for await (const member of Readable.from([tar]).pipe(extract())) {
    const { name, type, mode, mtime } = member.header;
    const header = { name, ...(type && { type }), ...(mode && { mode }), ...(mtime && { mtime }) };
    members.push({ header, content: await buffer(member) });
  }
  const edited = edit(members).map(({ header, content }) => [header, content] as const);
  return tarArchive(edited);
}

/** With other content in the one member whose name has that text in it. */
export function changed(
  members: readonly BundleMember[],
  text: string,
  edit: (content: Buffer) => Buffer,
): readonly BundleMember[] {
  const found = members.find(({ header }) => header.name.includes(text));
  if (found === undefined) throw new Error(`the bundle has no member like ${text}`);
  const content = edit(Buffer.from(found.content));
  return members.map((member) => (member === found ? { header: found.header, content } : member));
}

/** The same, and the manifest says so: hash and size of the new content wherever those of the old were. */
export function forged(
  members: readonly BundleMember[],
  text: string,
  edit: (content: Buffer) => Buffer,
): readonly BundleMember[] {
  const before = members.find(({ header }) => header.name.includes(text))?.content ?? Buffer.of();
  const after = edit(Buffer.from(before));
  const rewrite = (json: string) =>
    json
      .replaceAll(`"sha256": "${sha256(before)}"`, `"sha256": "${sha256(after)}"`)
      .replaceAll(
        new RegExp(`"size": ${before.length}(?=,\\s+"sha256": "${sha256(after)}")`, "g"),
        `"size": ${after.length}`,
      );
  return rewritten(
    changed(members, text, () => after),
    rewrite,
  );
}

/** With another text of the manifest. */
export function rewritten(
  members: readonly BundleMember[],
  edit: (json: string) => string,
): readonly BundleMember[] {
  return changed(members, "bundle.json", (json) => {
    const text = edit(json.toString());
    if (text === json.toString()) throw new Error("the manifest stays as it is");
    return Buffer.from(text);
  });
}
