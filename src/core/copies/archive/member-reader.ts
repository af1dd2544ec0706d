import { createHash } from "node:crypto";
import type { Extract } from "tar-stream";
import { bytesOf, type TarMember } from "../../../iso/unpack/unpack-tar.ts";
import { sumLine, sumsName } from "./archive-format.ts";
import { invalidArchive } from "./invalid-archive.ts";

/** A member of which only the header has been read. */
export interface ArchiveMember {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** All of it. To be called before the next member is asked for. */
  read(): Promise<Buffer>;
}

/** Reads the members one after another, and knows what the last of them has to say. */
export interface MemberReader {
  /** Undefined at the end of the archive. @throws TsmachineError IMPORT_INVALID for what is no file */
  next(): Promise<ArchiveMember | undefined>;
  /** @throws TsmachineError IMPORT_INVALID unless this last member has the sums of all that were read before it. */
  requireSums(last: ArchiveMember): Promise<void>;
  /** Whether this very error is how the archive's stream failed. */
  isFailure(error: unknown): boolean;
}

export interface MemberReaderOptions {
  /** The archive's, for messages. */
  readonly path: string;
  /** Told how many bytes are to be expected of a member. */
  readonly allow: (bytes: number) => void;
}

export function memberReader(members: Extract, { path, allow }: MemberReaderOptions): MemberReader {
  const iterator = members[Symbol.asyncIterator]();
  const sums = createHash("sha256");
  let sumsBytes = 0;
  const failures: unknown[] = [];

  async function watched<T>(reading: Promise<T>): Promise<T> {
    try {
      return await reading;
    } catch (error) {
      failures.push(error);
      throw error;
    }
  }

  async function read(member: TarMember, size: number): Promise<Buffer> {
    allow(size);
    const bytes = await watched(gathered(member, size));
    const line = sumLine(sha256(bytes), member.header.name);
    sums.update(line);
    sumsBytes += line.length;
    return bytes;
  }

  return {
    async next() {
      const found = await watched(iterator.next());
      if (found.done) return undefined;
      const { name, type, size = Number.NaN } = found.value.header;
      // Before any of the content is waited for: tar-stream waits for ever on a size that is no number.
      if (type !== "file" || !Number.isSafeInteger(size)) {
        throw invalidArchive(path, `it has ${shown(name)}, which is no file`);
      }
      return { name, size, read: () => read(found.value, size) };
    },
    async requireSums(last) {
      const wanted = sums.copy().digest("hex");
      if (last.size === sumsBytes && sha256(await last.read()) === wanted) return;
      throw invalidArchive(path, `what is in it does not have the hashes of its ${sumsName}`);
    },
    isFailure: (error) => failures.includes(error),
  };
}

/** As it may stand in a message. */
export function shown(name: string): string {
  return JSON.stringify(name.slice(0, 80));
}

async function gathered(member: TarMember, size: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(size);
  let filled = 0;
  for await (const chunk of bytesOf(member)) {
    bytes.set(chunk, filled);
    filled += chunk.length;
  }
  if (filled < size) throw new Error(`${member.header.name} is cut short`);
  return bytes;
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
