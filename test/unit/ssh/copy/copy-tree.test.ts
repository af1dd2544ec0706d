import { randomBytes } from "node:crypto";
import { mkdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { TsmachineError } from "../../../../src/errors/tsmachine-error.ts";
import { type CopyProgress, copyTree } from "../../../../src/ssh/copy/copy-tree.ts";
import type { Files } from "../../../../src/ssh/copy/files.ts";
import { localFiles } from "../../../../src/ssh/copy/local-files.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";

/** A tree with a file, a folder, a link and an executable. */
async function prepare() {
  const root = await temporaryDirectory();
  await mkdir(join(root, "tree/sub"), { recursive: true });
  await writeFile(join(root, "tree/a"), "aa");
  await writeFile(join(root, "tree/sub/run"), "#!", { mode: 0o755 });
  await symlink("a", join(root, "tree/link"));
  return root;
}

function copy(root: string, from: string, to: string, changes: Partial<CopyChanges> = {}) {
  const { recursive = true, onProgress = () => {}, ...ends } = changes;
  const request = {
    ...{ from: localFiles, to: localFiles, recursive },
    ...{ fromPath: join(root, from), toPath: to.endsWith("/") ? `${root}/${to}` : join(root, to) },
  };
  return copyTree({ ...request, ...ends }, onProgress);
}
interface CopyChanges {
  readonly recursive: boolean;
  readonly from: Files;
  readonly to: Files;
  onProgress(progress: CopyProgress): void;
}

describe("copying", () => {
  test("a folder in the place of one that is not there, with modes and what links point at", async () => {
    const root = await prepare();
    expect(await copy(root, "tree", "copy")).toEqual({ files: 3, folders: 2, bytes: 6 });
    expect(await readFile(join(root, "copy/link"), "utf8")).toBe("aa");
    expect((await stat(join(root, "copy/sub/run"))).mode & 0o111).toBe(0o111);
    expect((await stat(join(root, "copy/a"))).mode & 0o111).toBe(0);
  });

  test("into a folder that is there, twice with the same result", async () => {
    const root = await prepare();
    await mkdir(join(root, "target"));
    for (const _ of [1, 2]) expect(await copy(root, "tree", "target")).toMatchObject({ files: 3 });
    expect(await readFile(join(root, "target/tree/sub/run"), "utf8")).toBe("#!");
  });

  test.each([0, 1, 32_768, 1_000_003])("a file of %i bytes, whole", async (size) => {
    const root = await temporaryDirectory();
    const bytes = randomBytes(size);
    await writeFile(join(root, "a"), bytes);
    await writeFile(join(root, "b"), "what was there before, and is longer".repeat(2));
    const seen: CopyProgress[] = [];
    await copy(root, "a", "b", { onProgress: (progress) => seen.push(progress) });
    expect((await readFile(join(root, "b"))).equals(bytes)).toBe(true);
    if (size > 0) expect(seen.at(-1)).toEqual({ received: size, total: size });
  });

  test("a file whose size the system does not say, to its end", async () => {
    const root = await temporaryDirectory();
    const empty: Files = {
      ...localFiles,
      status: async (path) => {
        const status = await localFiles.status(path);
        return status && { ...status, size: 0 };
      },
    };
    await writeFile(join(root, "a"), "x".repeat(100_000));
    expect(await copy(root, "a", "b", { from: empty })).toMatchObject({ bytes: 100_000 });
  });

  test("through reads that bring less than was asked for", async () => {
    const root = await temporaryDirectory();
    const bytes = randomBytes(200_000);
    await writeFile(join(root, "a"), bytes);
    const sluggish: Files = {
      ...localFiles,
      async openToRead(path) {
        const file = await localFiles.openToRead(path);
        return { ...file, read: (position, length) => file.read(position, Math.min(length, 1000)) };
      },
    };
    await copy(root, "a", "b", { from: sluggish });
    expect((await readFile(join(root, "b"))).equals(bytes)).toBe(true);
  });
});

describe("what cannot be copied is named", () => {
  test.each([
    { title: "what is not there", from: "nothing", to: "x", problem: "nothing: no such file" },
    {
      title: "into no folder",
      from: "tree/a",
      to: "nowhere/",
      problem: "nowhere/: no such folder",
    },
    { title: "below a file", from: "tree/a", to: "tree/a/x", problem: "a/x: a file is in the way" },
    { title: "onto itself", from: "tree/a", to: "tree/a", problem: "tree/a: is the target too" },
    { title: "below nothing", from: "tree/a", to: "x/y", problem: "x/y: no such file or folder" },
  ])("$title", async ({ from, to, problem }) => {
    const root = await prepare();
    await expect(copy(root, from, to, { recursive: false })).rejects.toMatchObject({
      code: "COPY_FAILED",
      message: expect.stringContaining(problem),
    });
    expect(await readFile(join(root, "tree/a"), "utf8")).toBe("aa");
  });

  test("a folder without -r", async () => {
    const root = await prepare();
    await expect(copy(root, "tree", "x", { recursive: false })).rejects.toThrow(
      `${root}/tree: is a folder, which needs -r`,
    );
  });

  test("in a tree, of which the rest is copied", async () => {
    const root = await prepare();
    const server = createServer().listen(join(root, "tree/socket"));
    onTestFinished(() => void server.close());
    await symlink("nothing", join(root, "tree/broken"));
    await expect(copy(root, "tree", "copy")).rejects.toMatchObject({
      message: `the copy is incomplete, with 3 files copied: ${root}/tree/broken: no such file or folder (and 1 more)`,
      context: { problems: [expect.any(String), `${root}/tree/socket: is not a regular file`] },
    });
    expect(await readFile(join(root, "copy/sub/run"), "utf8")).toBe("#!");
  });

  test("a folder that a link makes contain itself, without end", async () => {
    const root = await prepare();
    await symlink("..", join(root, "tree/sub/up"));
    await expect(copy(root, "tree", "copy")).rejects.toThrow(/folders deep/);
  });

  test("when the connection ends, with how far it came", async () => {
    const root = await prepare();
    const broken: Files = {
      ...localFiles,
      openToWrite: async (path, mode) => {
        if (path.endsWith("run")) throw new TsmachineError("SSH_CONNECTION_LOST", "it hung up");
        return localFiles.openToWrite(path, mode);
      },
    };
    await expect(copy(root, "tree", "copy", { to: broken })).rejects.toMatchObject({
      code: "COPY_FAILED",
      message: `the copy broke off in ${root}/tree/sub/run, after 2 files: it hung up`,
    });
  });

  test("a bug passes through", async () => {
    const root = await prepare();
    const buggy: Files = {
      ...localFiles,
      names: async () => {
        throw new Error("bug");
      },
    };
    await expect(copy(root, "tree", "copy", { from: buggy })).rejects.toThrow(/^bug$/);
  });
});
