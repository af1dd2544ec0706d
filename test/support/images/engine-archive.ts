import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { type TestHeader, tarArchive } from "../archives/deb.ts";

/** The beginning of a program for Linux: ELF, 64 bits, little-endian, of that e_machine. */
export function elfProgram(machine: number, text = ""): Buffer {
  const header = Buffer.alloc(64);
  header.write("\x7fELF\x02\x01\x01", "latin1");
  header.writeUInt16LE(machine, 18);
  return Buffer.concat([header, Buffer.from(text)]);
}

export const amd64Machine = 62;
export const arm64Machine = 183;

/** What an archive of upstream's layout holds; owners are the builder's. */
export const enginePrograms: Readonly<Record<string, string | Buffer>> = {
  "docker/dockerd": elfProgram(amd64Machine, "dockerd"),
  "docker/containerd": "containerd",
  "docker/containerd-shim-runc-v2": "shim",
  "docker/runc": "runc",
  "docker/docker": "client",
};

export async function engineArchive(
  files: Readonly<Record<string, string | Buffer>> = enginePrograms,
  header: Partial<TestHeader> = {},
): Promise<Buffer> {
  const entries = Object.entries(files).map(([name, content]): [TestHeader, string | Buffer] => [
    { name, mode: 0o700, uid: 1000, gid: 1000, mtime: new Date(0), ...header },
    content,
  ]);
  return gzipSync(await tarArchive(entries));
}

/** @returns the archive's path */
export async function writeEngineArchive(
  folder: string,
  { name = "docker-27.0.1.tgz", files = enginePrograms } = {},
): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, await engineArchive(files));
  return path;
}
