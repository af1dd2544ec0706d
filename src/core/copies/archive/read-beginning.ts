import * as z from "zod";
import { parseJson } from "../../../bytes/parse-json.ts";
import { describeProblem } from "../../../errors/describe-problem.ts";
import type { MachineFiles } from "../../../store/machine-files.ts";
import {
  type ArchiveHeader,
  type CarriedFile,
  carriedFileKeys,
  carriedFiles,
  headerName,
  headerSchema,
  partOffset,
  recordName,
  sumsName,
} from "./archive-format.ts";
import { invalidArchive } from "./invalid-archive.ts";
import { type ArchiveMember, type MemberReader, shown } from "./member-reader.ts";

/** The locks of some three hundred packages, of several images, have a tenth of it. */
const maxTextBytes = 4 << 20;

/** What comes before the disk; nothing of it is certain before the disk has been written. */
export interface ArchiveBeginning {
  readonly header: ArchiveHeader;
  /** The text of the machine's record. */
  readonly record: string;
  readonly files: Pick<MachineFiles, CarriedFile>;
}

export interface Beginning extends ArchiveBeginning {
  /** The first member that is none of the beginning. */
  readonly next: ArchiveMember;
}

/**
 * Reads all that comes before the disk: the header, the record and the files, each at most once, in this order.
 * @throws TsmachineError IMPORT_INVALID
 */
export async function readBeginning(reader: MemberReader, path: string): Promise<Beginning> {
  const header = parseHeader(await readNamed(reader, { path, name: headerName }), path);
  const record = await readNamed(reader, { path, name: recordName });
  const files: Partial<Record<CarriedFile, string>> = {};
  const expected: CarriedFile[] = [...carriedFileKeys];
  for (;;) {
    const member = await reader.next();
    if (member === undefined) throw invalidArchive(path, `it ends before its ${sumsName}`);
    const { name } = member;
    if (partOffset(name) !== undefined || name === sumsName)
      return { header, record, files, next: member };
    const index = expected.findIndex((file) => carriedFiles[file] === name);
    const file = expected[index];
    if (file === undefined)
      throw invalidArchive(path, `it has ${shown(name)} where that does not belong`);
    expected.splice(0, index + 1);
    files[file] = await readText(member, path);
  }
}

async function readNamed(
  reader: MemberReader,
  { path, name }: { readonly path: string; readonly name: string },
): Promise<string> {
  const member = await reader.next();
  if (member?.name === name) return readText(member, path);
  const found = member === undefined ? "its end" : shown(member.name);
  throw invalidArchive(path, `it has ${found} in place of ${name}`);
}

async function readText(member: ArchiveMember, path: string): Promise<string> {
  if (member.size > maxTextBytes) {
    throw invalidArchive(path, `${shown(member.name)} has ${member.size} bytes`);
  }
  return (await member.read()).toString();
}

const versionSchema = z.object({ archiveVersion: z.number() });

function parseHeader(text: string, path: string) {
  const value = parseJson(text);
  const version = versionSchema.safeParse(value).data?.archiveVersion ?? 1;
  if (version > 1) {
    throw invalidArchive(path, `it has version ${version}, and this tsmachine knows 1 alone`);
  }
  const parsed = headerSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw invalidArchive(path, `${headerName}: ${describeProblem(parsed.error)}`, parsed.error);
}
