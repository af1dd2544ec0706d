// Upstream's static builds: https://docs.docker.com/engine/install/binaries/
import { stat } from "node:fs/promises";
import { chunksOf, readContent } from "../../../bytes/content.ts";
import type { FileEntry, FileTree } from "../../../bytes/file-tree.ts";
import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import type { Architecture } from "../../../host/architecture.ts";
import { decompress } from "../../unpack/decompress.ts";
import { createSpool } from "../../unpack/spool.ts";
import { unpackTar } from "../../unpack/unpack-tar.ts";
import type { ImageLock, LockedInput } from "../image-lock.ts";

export interface EngineArchive {
  /** Where it is. */
  readonly path: string;
  /** What the user knows it by, for messages. */
  readonly name: string;
  /** A file to be made; the programs are slices of it, so it must outlive them. */
  readonly spoolPath: string;
  /** Of the machine. */
  readonly architecture: Architecture;
  readonly signal: AbortSignal;
}

/** The archive that the image's engine comes from; undefined when it comes from packages. */
export function archiveOfEngine({ inputs: [input] }: ImageLock): LockedInput | undefined {
  return input;
}

/**
 * The programs of the archive's folder docker/ by name, owned by root.
 * @throws TsmachineError ENGINE_UNSUITABLE when it is no such archive or lacks what an engine needs,
 *   or when its dockerd is for another processor; the signal's reason when aborted.
 */
export async function readEngineArchive(archive: EngineArchive): Promise<FileTree> {
  const tree = await unpack(archive);
  const programs = new Map<string, FileEntry>();
  for (const [path, entry] of tree) {
    const [, name] = /^docker\/([^/]+)$/.exec(path) ?? [];
    if (name === undefined || entry.type !== "file") continue;
    programs.set(name, { ...entry, mode: 0o755, uid: 0, gid: 0 });
  }
  for (const name of requiredPrograms) {
    if (!programs.has(name)) throw unsuitable(archive.name, `it has no docker/${name}`);
  }
  await requireArchitecture(programs, archive);
  return programs;
}

const requiredPrograms = ["dockerd", "containerd", "containerd-shim-runc-v2", "runc"];

/** Upstream's have nine entries and 300 MB. */
const maxEntries = 1000;
const maxUnpackedBytes = 2 * 2 ** 30;

async function unpack({ path, name, spoolPath, signal }: EngineArchive): Promise<FileTree> {
  const compressed = chunksOf({ kind: "slice", path, offset: 0, size: (await stat(path)).size });
  const options = { compression: "gzip", maxBytes: maxUnpackedBytes, path: name } as const;
  const spool = await createSpool(spoolPath);
  try {
    const tar = decompress(compressed, options);
    const keep = (member: string) => member.startsWith("docker/");
    const tree = await unpackTar(tar, { archive: name, spool, keep, maxEntries, signal });
    await spool.close();
    return tree;
  } catch (error) {
    await spool.discard();
    if (!(error instanceof TsmachineError && error.code === "ARCHIVE_INVALID")) throw error;
    throw unsuitable(name, error.message.replace(`${name} cannot be unpacked: `, ""), error);
  }
}

/** ELF's e_machine, 16 bits at byte 18: https://refspecs.linuxfoundation.org/elf/gabi4+/ch4.eheader.html */
const machineNumbers = { amd64: 62, arm64: 183 } as const satisfies Record<Architecture, number>;

async function requireArchitecture(
  programs: FileTree,
  { name, architecture }: EngineArchive,
): Promise<void> {
  const dockerd = programs.get("dockerd");
  if (dockerd?.type !== "file" || dockerd.content.kind !== "slice") return;
  const size = Math.min(dockerd.content.size, 20);
  const header = Buffer.from(await readContent({ ...dockerd.content, size }));
  const isElf = size === 20 && header.subarray(0, 4).toString("latin1") === "\x7fELF";
  if (!isElf) throw unsuitable(name, "its dockerd is no program for Linux");
  if (header.readUInt16LE(18) !== machineNumbers[architecture]) {
    throw unsuitable(name, `its dockerd is not for ${architecture}`);
  }
}

function unsuitable(name: string, problem: string, cause?: unknown): TsmachineError {
  return new TsmachineError("ENGINE_UNSUITABLE", `engine archive ${name}: ${problem}`, {
    hints: [
      "give a .tgz in the layout of https://download.docker.com/linux/static/stable/, for the machine's processor",
    ],
    cause,
  });
}
