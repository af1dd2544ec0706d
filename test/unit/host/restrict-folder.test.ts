import { chmod, mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { makeRestrictedFolder } from "../../../src/host/files/restrict-folder.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const sid = "S-1-5-21-1-2-3-1001";

/** A folder with Windows' programs, which write down what they are called with, and a disk. */
async function windows({ icacls = "exit 0", home = "C:\\Users\\Zoë O'Neill" } = {}) {
  const systemFolder = await temporaryDirectory();
  const log = join(systemFolder, "log");
  await writeFile(log, "");
  const programs = {
    "whoami.exe": `printf '"pc\\\\zoë","%s"\\r\\n' ${sid}`,
    "icacls.exe": `printf '%s\\n' "$@" >>${log}\n[ -d "$1" ] || exit 3\n${icacls}`,
  };
  for (const [name, action] of Object.entries(programs)) {
    const path = join(systemFolder, name);
    await writeFile(path, `#!/bin/sh\n${action}\n`);
    await chmod(path, 0o755);
  }
  return {
    host: { home, systemFolder },
    disk: await temporaryDirectory(),
    icaclsWords: async () => (await readFile(log, "utf8")).trimEnd().split("\n"),
  };
}

describe("a new folder on Windows", () => {
  test("is for the user, the system and administrators alone before it has its name", async () => {
    const { host, disk, icaclsWords } = await windows();
    const path = join(disk, "my machines' 100%", "certs");
    await makeRestrictedFolder(path, host);
    const [folder, ...words] = await icaclsWords();
    expect(folder).toMatch(/my machines' 100%\.\w+$/);
    expect(words).toEqual([
      ...["/inheritance:r", "/grant:r", `*${sid}:(OI)(CI)F`],
      ...["*S-1-5-18:(OI)(CI)F", "*S-1-5-32-544:(OI)(CI)F"],
    ]);
    expect(await readdir(disk)).toEqual(["my machines' 100%"]);
  });

  test("below the user's profile is private already", async () => {
    const { host, icaclsWords } = await windows();
    await makeRestrictedFolder(`${host.home.toUpperCase()}\\.tsmachine`, host);
    expect(await icaclsWords()).toEqual([""]);
  });

  test("that is there stays as it is", async () => {
    const { host, disk, icaclsWords } = await windows();
    await mkdir(join(disk, "store"));
    await makeRestrictedFolder(join(disk, "store"), host);
    expect(await icaclsWords()).toEqual([""]);
  });

  test("on a disk without access rights is refused, again and again, and not made", async () => {
    const { host, disk } = await windows({ icacls: "echo Das System kann nicht; exit 5" });
    const path = join(disk, "store");
    for (const _ of [1, 2]) {
      await expect(makeRestrictedFolder(path, host)).rejects.toMatchObject({
        ...{ code: "PERMISSION_DENIED", hints: [expect.stringContaining("--storage-path")] },
      });
    }
    expect(await readdir(disk)).toEqual([]);
  });

  test("that another process makes meanwhile is that one's", async () => {
    const { host, disk } = await windows();
    const path = join(disk, "store");
    await Promise.all([1, 2, 3].map(() => makeRestrictedFolder(path, host)));
    expect((await stat(path)).isDirectory()).toBe(true);
    expect(await readdir(disk)).toEqual(["store"]);
  });
});
