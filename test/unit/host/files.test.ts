import { once } from "node:events";
import { chmod, mkdir, readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  makePrivateDirectory,
  readTextIfPresent,
  writeFileAtomic,
} from "../../../src/host/files/files.ts";
import { bundleProgram } from "../../support/run-typescript.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

async function modeOf(path: string): Promise<number> {
  return (await stat(path)).mode & 0o777;
}

describe("writeFileAtomic", () => {
  test("replaces the content and leaves nothing beside it", async () => {
    const directory = await temporaryDirectory();
    const path = join(directory, "record");
    await writeFileAtomic(path, "old");
    await writeFileAtomic(path, new TextEncoder().encode("new"));
    expect(await readFile(path, "utf8")).toBe("new");
    expect(await readdir(directory)).toEqual(["record"]);
  });

  test("gives the owner alone access unless told otherwise", async () => {
    const directory = await temporaryDirectory();
    await writeFileAtomic(join(directory, "key"), "secret");
    await writeFileAtomic(join(directory, "script"), "#!/bin/sh", { mode: 0o700 });
    expect(await modeOf(join(directory, "key"))).toBe(0o600);
    expect(await modeOf(join(directory, "script"))).toBe(0o700);
  });

  test("leaves nothing behind when the rename fails", async () => {
    const directory = await temporaryDirectory();
    await mkdir(join(directory, "occupied", "inner"), { recursive: true });
    await expect(writeFileAtomic(join(directory, "occupied"), "text")).rejects.toThrow();
    expect(await readdir(directory)).toEqual(["occupied"]);
  });

  test("never leaves a part when the writer is killed", { timeout: 30_000 }, async () => {
    await using rewrite = await bundleProgram(new URL("programs/rewrite-file.ts", import.meta.url));
    const path = join(await temporaryDirectory(), "record");
    for (let round = 0; round < 12; round += 1) {
      const writer = rewrite.start(path);
      await once(writer.stdout, "data");
      // So that every round kills the writer at another point of its work.
      for (let reads = 0; reads < 3 * round; reads += 1) await readFile(path);
      writer.kill("SIGKILL");
      await writer;
      const content = await readFile(path, "utf8");
      expect(content.length).toBe(1 << 20);
      expect(new Set(content).size).toBe(1);
    }
  });
});

test("makePrivateDirectory makes parents too, for the owner alone, and accepts what exists", async () => {
  const directory = await temporaryDirectory();
  await makePrivateDirectory(join(directory, "a", "b"));
  await makePrivateDirectory(join(directory, "a", "b"));
  expect(await modeOf(join(directory, "a"))).toBe(0o700);
  expect(await modeOf(join(directory, "a", "b"))).toBe(0o700);
});

describe("readTextIfPresent", () => {
  test("tells an empty file from none", async () => {
    const directory = await temporaryDirectory();
    await writeFileAtomic(join(directory, "empty"), "");
    expect(await readTextIfPresent(join(directory, "empty"))).toBe("");
    expect(await readTextIfPresent(join(directory, "none"))).toBeUndefined();
    expect(await readTextIfPresent(join(directory, "empty", "below"))).toBeUndefined();
  });

  test("does not hide other failures", async () => {
    const directory = await temporaryDirectory();
    await chmod(directory, 0o700);
    await expect(readTextIfPresent(directory)).rejects.toMatchObject({ code: "EISDIR" });
  });
});
