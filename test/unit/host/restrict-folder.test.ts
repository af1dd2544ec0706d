import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { restrictFolder } from "../../../src/host/files/restrict-folder.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const home = "C:\\Users\\Zoë O'Neill";
const sid = "S-1-5-21-1-2-3-1001";

/** A folder with Windows' programs, which write down what they are called with. */
async function windows({ icacls = "exit 0" } = {}) {
  const systemFolder = await temporaryDirectory();
  const log = join(systemFolder, "log");
  await writeFile(log, "");
  const programs = {
    "whoami.exe": `printf '"pc\\\\zoë","%s"\\r\\n' ${sid}`,
    "icacls.exe": icacls,
  };
  for (const [name, action] of Object.entries(programs)) {
    const path = join(systemFolder, name);
    await writeFile(path, `#!/bin/sh\nprintf '%s\\n' "$0" "$@" >>${log}\n${action}\n`);
    await chmod(path, 0o755);
  }
  return {
    host: { platform: "win32", home, systemFolder } as const,
    icaclsWords: async () =>
      (await readFile(log, "utf8")).split(`${systemFolder}/icacls.exe\n`)[1]?.trimEnd().split("\n"),
  };
}

describe("a new folder on Windows", () => {
  test("outside the user's profile is for the user, the system and administrators alone", async () => {
    const { host, icaclsWords } = await windows();
    const path = "D:\\my machines' 100%";
    await restrictFolder(path, host);
    expect(await icaclsWords()).toEqual([
      ...[path, "/inheritance:r", "/grant:r", `*${sid}:(OI)(CI)F`],
      ...["*S-1-5-18:(OI)(CI)F", "*S-1-5-32-544:(OI)(CI)F"],
    ]);
  });

  test.each([[`${home}\\.tsmachine`], [home.toUpperCase()]])(
    "%s is private already",
    async (path) => {
      const { host, icaclsWords } = await windows();
      await restrictFolder(path, host);
      expect(await icaclsWords()).toBeUndefined();
    },
  );

  test("on a disk without access rights is refused", async () => {
    const { host } = await windows({ icacls: "echo Das System kann nicht; exit 5" });
    await expect(restrictFolder("E:\\store", host)).rejects.toMatchObject({
      ...{ code: "PERMISSION_DENIED", hints: [expect.stringContaining("--storage-path")] },
    });
  });
});
