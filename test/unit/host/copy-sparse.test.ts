import { open, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { copySparse } from "../../../src/host/files/copy-sparse.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const mebibyte = 1024 * 1024;
const signal = new AbortController().signal;

/** A file of 64 MiB and some bytes with something at its middle and at its end. */
async function diskWithHoles(): Promise<{ from: string; to: string }> {
  const directory = await temporaryDirectory();
  const from = join(directory, "disk");
  const file = await open(from, "wx", 0o600);
  await file.write("middle", 32 * mebibyte + 17);
  await file.write("end", 64 * mebibyte + 5);
  await file.close();
  return { from, to: join(directory, "copy") };
}

describe("a copy of a disk", () => {
  test("has every byte, and takes no space for holes", async () => {
    const { from, to } = await diskWithHoles();
    const shares: number[] = [];
    await copySparse(from, to, { signal, onProgress: (share) => shares.push(share) });
    expect((await readFile(to)).equals(await readFile(from))).toBe(true);
    expect((await stat(to)).blocks * 512).toBeLessThan(64 * 1024);
    expect((await stat(to)).mode & 0o777).toBe(0o600);
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
  });

  test("is not made in place of a file that is there", async () => {
    const { from, to } = await diskWithHoles();
    await writeFile(to, "somebody's");
    await expect(copySparse(from, to, { signal })).rejects.toMatchObject({ code: "EEXIST" });
    expect(await readFile(to, "utf8")).toBe("somebody's");
  });

  test("leaves nothing when it is aborted", async () => {
    const { from, to } = await diskWithHoles();
    const aborting = new AbortController();
    const copied = copySparse(from, to, {
      signal: aborting.signal,
      onProgress: () => aborting.abort(new Error("enough")),
    });
    // A file system that shares blocks is done at once.
    await copied.catch((error: Error) => expect(error.message).toBe("enough"));
    const isWhole = await stat(to).then(
      () => true,
      () => false,
    );
    expect(isWhole).toBe(!aborting.signal.aborted);
  });
});
