import { link, mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { moveIntoFreePlace, requirePlaceForFile } from "../../../src/host/files/place-for-file.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

async function placeIn(name: string, existing: "kept" | "replaced" = "replaced") {
  const folder = await temporaryDirectory();
  const store = join(folder, "store");
  await mkdir(store);
  await mkdir(join(folder, "folder"));
  await writeFile(join(folder, "file"), "");
  await symlink(join(folder, "file"), join(folder, "link"));
  await symlink(store, join(folder, "way"));
  const path = join(folder, name);
  const outcome = requirePlaceForFile({ path, existing, example: "dev.tsmachine", store });
  return { folder, path, outcome };
}

test.each([
  ["nothing", "new", "kept"],
  ["a file that is to be replaced", "file", "replaced"],
  ["a name that begins as the store's", "store2", "kept"],
] as const)("there is room at %s", async (_, name, existing) => {
  const { outcome } = await placeIn(name, existing);
  await expect(outcome).resolves.toBeUndefined();
});

test.each([
  ["a link", "link", "FILE_EXISTS", "no regular file"],
  ["a folder", "folder", "INVALID_INPUT", "folder is a folder"],
  ["a path below a file", "file/new", "INVALID_INPUT", "file is no folder"],
  ["a path in the store", "store/new", "INVALID_INPUT", "is in the store's folder"],
  ["a path that leads into the store", "way/new", "INVALID_INPUT", "is in the store's folder"],
  ["the store", "store", "INVALID_INPUT", "store is a folder"],
])("%s is refused, also when what is there is to be replaced", async (_, name, code, text) => {
  const { outcome } = await placeIn(name);
  await expect(outcome).rejects.toMatchObject({ code, message: expect.stringContaining(text) });
});

test("a file that is to be kept is refused", async () => {
  const { outcome } = await placeIn("file", "kept");
  await expect(outcome).rejects.toMatchObject({ code: "FILE_EXISTS" });
});

test("the hints say what to type", async () => {
  const inFolder = await placeIn("folder");
  await expect(inFolder.outcome).rejects.toMatchObject({
    hints: [`name a file in it: ${join(inFolder.path, "dev.tsmachine")}`],
  });
  const inMissing = await placeIn("missing/new");
  await expect(inMissing.outcome).rejects.toMatchObject({
    ...{
      code: "FILE_UNREADABLE",
      hints: [`make it with \`mkdir -p ${inMissing.folder}/missing\``],
    },
  });
});

/** As on a file system without hard links. */
const noLink = async () => {
  throw Object.assign(new Error("EPERM"), { code: "EPERM" });
};

test.each([
  ["has hard links", link],
  ["has none", noLink],
])("a file is moved to a free place alone where the file system %s", async (_, makeLink) => {
  const folder = await temporaryDirectory();
  const [from, to] = [join(folder, "from"), join(folder, "to")];
  await writeFile(from, "first");
  await moveIntoFreePlace(from, to, makeLink);
  expect(await readdir(folder)).toEqual(["to"]);
  await writeFile(from, "second");
  await expect(moveIntoFreePlace(from, to, makeLink)).rejects.toMatchObject({
    code: "FILE_EXISTS",
  });
  expect(await readFile(to, "utf8")).toBe("first");
});
