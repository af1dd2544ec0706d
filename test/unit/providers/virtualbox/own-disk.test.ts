import { expect, test } from "vitest";
import { isOwnDisk } from "../../../../src/providers/virtualbox/own-disk.ts";
import { parseDisks } from "../../../../src/providers/virtualbox/vboxmanage/lists.ts";
import { recordedOutput } from "../../../support/providers/virtualbox-output.ts";

test("disks are listed with what they were made from", () => {
  expect(parseDisks(recordedOutput("list-hdds-snapshots.txt"))).toEqual([
    {
      ...{ uuid: "80d89e54-5584-4968-ae79-79f7723e47e1", path: "/tmp/vbm/else/p.vdi" },
      isDifferencing: false,
    },
    {
      uuid: "4a57e14c-c25c-4ad3-8871-abf1fd4e3798",
      path: "/tmp/vbm/snaps/{4a57e14c-c25c-4ad3-8871-abf1fd4e3798}.vdi",
      isDifferencing: true,
    },
  ]);
});

test.each([
  ["/m/dev/data.vdi", false, true],
  ["/m/dev/Snapshots/{1}.vdi", true, true],
  ["/snaps/{1}.vdi", true, true],
  ["/snaps/projects.vdi", false, false],
  ["/m/developer/data.vdi", false, false],
  ["/else/{1}.vdi", true, false],
])("%s, differencing: %s, is the machine's own: %s", (path, isDifferencing, isOwn) => {
  const folders = { folder: "/m/dev", snapshotFolder: "/snaps" };
  expect(isOwnDisk({ path, isDifferencing }, folders)).toBe(isOwn);
});
