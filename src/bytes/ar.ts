// The ar archive as deb(5) uses it, https://manpages.debian.org/deb.5 and ar(5).
import { type FileHandle, open } from "node:fs/promises";
import { TsmachineError } from "../errors/tsmachine-error.ts";

export interface ArMember {
  readonly name: string;
  /** Bytes from the beginning of the archive to the member's content. */
  readonly offset: number;
  /** Bytes of content. */
  readonly size: number;
}

const magic = "!<arch>\n";
const headerSize = 60;
const headerEnd = "`\n";
const maxMembers = 64;

/**
 * The members of the ar archive at `path`, in their order. Reads the headers only, and has seen
 * that all of every member lies within the file.
 * @throws TsmachineError ARCHIVE_INVALID; the system's error when the file cannot be read.
 */
export async function readAr(path: string): Promise<readonly ArMember[]> {
  const file = await open(path, "r");
  try {
    const { size: fileSize } = await file.stat();
    if ((await readText(file, 0, magic.length)) !== magic)
      throw invalid(path, "it has no ar magic");
    const members: ArMember[] = [];
    for (let position = magic.length; position < fileSize; ) {
      if (members.length === maxMembers) throw invalid(path, `over ${maxMembers} members`);
      const header = await readText(file, position, headerSize);
      const member = parseHeader(path, header, position + headerSize);
      const end = member.offset + member.size;
      if (end > fileSize) throw invalid(path, `member ${member.name} is cut short`);
      members.push(member);
      position = await skipPadding(path, file, end);
    }
    return members;
  } finally {
    await file.close();
  }
}

/** ar_name[16] ar_date[12] ar_uid[6] ar_gid[6] ar_mode[8] ar_size[10] ar_fmag[2] */
function parseHeader(path: string, header: string, offset: number): ArMember {
  if (header.length < headerSize) throw invalid(path, "a member's header is cut short");
  if (header.slice(58) !== headerEnd) throw invalid(path, "a member's header has no end mark");
  // GNU ar ends names with a slash, dpkg-deb does not.
  const name = header.slice(0, 16).trimEnd().replace(/\/$/, "");
  const size = header.slice(48, 58).trimEnd();
  if (!/^[\x21-\x7e]+$/.test(name)) throw invalid(path, "a member's name is not printable ASCII");
  if (!/^[0-9]{1,10}$/.test(size)) throw invalid(path, `member ${name} has no decimal size`);
  return { name, offset, size: Number(size) };
}

/** Members begin at even positions; the byte before is a line feed. */
async function skipPadding(path: string, file: FileHandle, end: number): Promise<number> {
  if (end % 2 === 0) return end;
  if ((await readText(file, end, 1)) !== "\n") throw invalid(path, "a padding byte is wrong");
  return end + 1;
}

/** One character per byte; fewer than `size` at the end of the file. */
async function readText(file: FileHandle, position: number, size: number): Promise<string> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(size), 0, size, position);
  return buffer.toString("latin1", 0, bytesRead);
}

function invalid(path: string, problem: string): TsmachineError {
  return new TsmachineError("ARCHIVE_INVALID", `${path} is not a valid ar archive: ${problem}`, {
    hints: ["delete the file, then run the command again to fetch it anew"],
    context: { path },
  });
}
