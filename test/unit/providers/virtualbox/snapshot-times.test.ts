// Snapshots A and B; A is restored, C taken, B restored, D taken: VBoxManage lists A B D C.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { snapshotCommands } from "../../../../src/providers/virtualbox/vboxmanage/snapshots.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";

const uuidOf = (label: string) => `0f2b1a50-0000-4000-8000-00000000000${label.toLowerCase()}`;

const settingsOf = (element: (label: string, second: number) => string) =>
  [
    '<VirtualBox xmlns="http://www.virtualbox.org/" version="1.20-linux">',
    '<Machine uuid="{0f2b1a50-0000-4000-8000-0000000000aa}" name="dev">',
    `${element("A", 1)}<Description>&lt;Snapshot uuid=""&gt;</Description><Snapshots>`,
    `${element("B", 2)}<Snapshots>${element("D", 9)}</Snapshot></Snapshots></Snapshot>`,
    `${element("C", 4)}</Snapshot></Snapshots></Snapshot></Machine></VirtualBox>`,
  ].join("\n");

const dated = (label: string, second: number) =>
  `<Snapshot uuid="{${uuidOf(label)}}" name="a &lt;&gt; timeStamp=&quot;" timeStamp="2026-01-02T03:04:0${second}Z" stateFile="x">`;

/** The labels as they are listed of a machine with these settings, and the commands that were given. */
async function listOf(places: Readonly<Record<string, string>>, settings: string | undefined) {
  const settingsFile = join(await temporaryDirectory(), "dev.vbox");
  if (settings !== undefined) await writeFile(settingsFile, settings);
  const commands: string[] = [];
  const tree = Object.entries(places).map(
    ([label, at]) => `SnapshotName${at}="${label}"\nSnapshotUUID${at}="${uuidOf(label)}"`,
  );
  const { listSnapshots } = snapshotCommands({
    async call([command = ""]) {
      commands.push(command);
      return command === "snapshot"
        ? tree.join("\n")
        : `CfgFile="${settingsFile}"\nSnapFldr="${settingsFile}"`;
    },
  });
  return { labels: (await listSnapshots("dev")).map(({ label }) => label).join(" "), commands };
}

const branched = { A: "", B: "-1", D: "-1-1", C: "-2" };

test("snapshots of a tree are listed in the order in which they were taken", async () => {
  const { labels } = await listOf(branched, settingsOf(dated));
  expect(labels).toBe("A B C D");
});

test.each([
  ["are gone", undefined],
  ["do not tell", settingsOf((label) => `<Snapshot uuid="{${uuidOf(label)}}">`)],
])("a parent comes before its children where the settings %s", async (_, settings) => {
  expect((await listOf(branched, settings)).labels).toBe("A B D C");
});

test("those that go on one from another are in that order, without a look at the settings", async () => {
  const { labels, commands } = await listOf({ A: "", B: "-1", C: "-1-1" }, undefined);
  expect({ labels, commands }).toEqual({ labels: "A B C", commands: ["snapshot"] });
});
