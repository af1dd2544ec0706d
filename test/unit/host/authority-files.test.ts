import { chmod, chown, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { authorityFilesIn } from "../../../src/host/files/authority-files.ts";
import { asPlainUser, nobody } from "../../support/plain-user.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

test("folders are walked, and are no files themselves", async () => {
  const path = await temporaryDirectory();
  await mkdir(join(path, "folder.crt"));
  for (const name of ["b.crt", "folder.crt/a.crt", "c.pem"]) await writeFile(join(path, name), "");
  expect(await authorityFilesIn([{ path, ending: ".crt" }])).toEqual(
    ["b.crt", "folder.crt/a.crt"].map((name) => join(path, name)),
  );
});

test.skipIf(process.platform === "win32")(
  "a folder below that may not be read is named, and hides none of the others",
  async () => {
    const path = await temporaryDirectory();
    await mkdir(join(path, "closed"));
    await writeFile(join(path, "a.crt"), "");
    if (process.geteuid?.() === 0) await chown(path, nobody, nobody);
    await chmod(join(path, "closed"), 0);
    const found = await asPlainUser(() => authorityFilesIn([{ path, ending: ".crt" }]));
    await chmod(join(path, "closed"), 0o700);
    expect(found).toEqual(["a.crt", "closed"].map((name) => join(path, name)));
  },
);
