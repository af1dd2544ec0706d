import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import * as z from "zod";
import {
  bombChunkBytes,
  gzipBomb,
  xzBomb,
  xzWithHugeDictionary,
} from "../../../support/archives/bombs.ts";
import { debPackage, type TestMember, tarArchive } from "../../../support/archives/deb.ts";
import { withTarFields } from "../../../support/archives/tar-header.ts";
import { bundleProgram, type Program } from "../../../support/run-typescript.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";

vi.setConfig({ testTimeout: 60_000 });

const gigabyte = 1_000_000_000;
const chunksFor = (bytes: number) => Math.ceil(bytes / bombChunkBytes);
/** Between 50 and 130 MB were seen. */
const maxPeakMB = 220;

let program: Program;
beforeAll(async () => {
  program = await bundleProgram(new URL("programs/unpack-bomb.ts", import.meta.url));
});
afterAll(async () => program[Symbol.asyncDispose]());

const resultSchema = z.object({ message: z.string(), peakMB: z.number() });

/** Unpacks in a process of its own, whose memory is this bomb's alone. */
async function explode(data: TestMember, maxBytes = gigabyte / 4) {
  const directory = await temporaryDirectory();
  const path = join(directory, "bomb.deb");
  await writeFile(path, debPackage(data));
  const { stdout } = await program.start(path, join(directory, "spool"), String(maxBytes));
  const { message, peakMB } = resultSchema.parse(JSON.parse(stdout));
  return { problem: message.replace(`${path} cannot be unpacked: `, ""), peakMB, directory };
}

/** A member that its header gives ten gigabytes. */
async function tarWithHugeMember(): Promise<Buffer> {
  const tar = await tarArchive([[{ name: "./zeros" }, "0"]]);
  return withTarFields(tar, { size: "112402762000" }).subarray(0, 512);
}

describe("a package that unpacks to more than it may is refused with little memory", () => {
  const limit = `it holds more than ${gigabyte / 4} bytes`;
  test.each([
    ["xz", "data.tar.xz", () => xzBomb({ chunks: chunksFor(10 * gigabyte) }), limit],
    ["gzip", "data.tar.gz", () => gzipBomb({ chunks: chunksFor(10 * gigabyte) }), limit],
    [
      "xz with a dictionary of 4 GiB",
      "data.tar.xz",
      xzWithHugeDictionary,
      "its xz data is damaged or cut short",
    ],
    [
      "a member of 10 GB that is not there",
      "data.tar",
      tarWithHugeMember,
      "its tar data is damaged or cut short",
    ],
  ])("%s", async (_, name, makeContent, expected) => {
    const { problem, peakMB, directory } = await explode({ name, content: await makeContent() });
    expect(problem).toBe(expected);
    expect(peakMB).toBeLessThan(maxPeakMB);
    expect(await readdir(directory)).toEqual(["bomb.deb"]);
  });

  test("five thousand links with paths and targets of almost four thousand bytes", async () => {
    const long = `${"n".repeat(250)}/`.repeat(15);
    const content = await tarArchive(
      Array.from({ length: 5000 }, (_, index) => [
        { name: `./${long}${index}`, type: "symlink", linkname: `${long}${index}` },
      ]),
    );
    const { problem, peakMB } = await explode({ name: "data.tar", content });
    expect(problem).toBe(`its paths have over ${32 << 20} bytes`);
    expect(peakMB).toBeLessThan(maxPeakMB);
  });

  test("a header of headers that has over 4 MiB", async () => {
    const content = await tarArchive([[{ name: "./a", pax: { x: "y".repeat(5 << 20) } }, "z"]]);
    const { problem, peakMB } = await explode({ name: "data.tar", content });
    expect(problem).toBe("its tar data is damaged or cut short");
    expect(peakMB).toBeLessThan(maxPeakMB);
  });
});
