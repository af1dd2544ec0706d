import { mkdir, realpath, symlink } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { resolveShares } from "../../../../src/core/sharing/resolve-shares.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";

const share = (path: string) => ({ path, mountPoint: "/work", isReadOnly: false });

test("a link is shared as what it leads to, at the place that was named", async () => {
  const parent = await realpath(await temporaryDirectory());
  await mkdir(join(parent, "work"));
  await symlink("work", join(parent, "link"));
  const [resolved] = await resolveShares([share(join(parent, "link"))]);
  expect(resolved).toEqual(share(join(parent, "work")));
});

test("a link to a folder of this host's system is refused", async () => {
  const link = join(await temporaryDirectory(), "link");
  await symlink("/etc", link);
  await expect(resolveShares([share(link)])).rejects.toMatchObject({
    code: "INVALID_INPUT",
    message: "/etc belongs to this host's system, and is not shared",
  });
});

test("what is not there stays for the provider to refuse", async () => {
  const missing = share("/nowhere/at all");
  expect(await resolveShares([missing])).toEqual([missing]);
});
