import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { type Header, pack } from "tar-stream";

export interface TestMember {
  readonly name: string;
  readonly content: Uint8Array | string;
}

/** An ar archive, as dpkg-deb writes it. */
export function arArchive(members: readonly TestMember[]): Buffer {
  return Buffer.concat([
    Buffer.from("!<arch>\n"),
    ...members.flatMap(({ name, content }) => {
      const bytes = Buffer.from(content);
      const header = `${name.padEnd(16)}${"0".padEnd(12)}${"0".padEnd(6)}${"0".padEnd(6)}${"100644".padEnd(8)}${String(bytes.length).padEnd(10)}\`\n`;
      return [Buffer.from(header), bytes, Buffer.from("\n".repeat(bytes.length % 2))];
    }),
  ]);
}

export type TestHeader = Partial<Header> & Pick<Header, "name">;

/** A tar archive of these headers, each with its content. */
export async function tarArchive(
  entries: readonly (readonly [header: TestHeader, content?: string | Buffer])[],
): Promise<Buffer> {
  const archive = pack();
  for (const [header, content = ""] of entries) archive.entry(header, content);
  archive.finalize();
  return buffer(Readable.from(archive));
}

/** A Debian package around a data member. */
export function debPackage(data: TestMember, { control = "control.tar.xz" } = {}): Buffer {
  return arArchive([
    { name: "debian-binary", content: "2.0\n" },
    { name: control, content: "never read" },
    data,
  ]);
}
