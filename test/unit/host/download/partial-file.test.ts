import { readdir, truncate, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { tidyPartials } from "../../../../src/host/download/partial-file.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";

const now = new Date();
const hourMs = 60 * 60 * 1000;
const [a, b] = ["a".repeat(64), "b".repeat(64)];
/** Of the process that runs the tests. */
const running = process.ppid;
/** Beyond what any system gives out. */
const gone = 2 ** 30;

const table: [title: string, files: Record<string, number>, left: string[]][] = [
  [
    "makes what a process that is gone has left usable",
    { [`${a}.deb.${gone}-0123abcd.tmp`]: 0 },
    [`${a}.deb.part`],
  ],
  ["does so also where names have no ending", { [`${a}.${gone}-0123abcd.tmp`]: 0 }, [`${a}.part`]],
  [
    "leaves alone what a process is writing",
    { [`${a}.deb.${running}-0123abcd.tmp`]: 0 },
    [`${a}.deb.${running}-0123abcd.tmp`],
  ],
  [
    "believes no process number after an hour of silence",
    { [`${a}.deb.${running}-0123abcd.tmp`]: 2 },
    [`${a}.deb.part`],
  ],
  ["keeps what waits for some days", { [`${a}.deb.part`]: 6 * 24 }, [`${a}.deb.part`]],
  [
    "deletes what waits for more than a week",
    { [`${a}.deb.part`]: 8 * 24, [`${b}.xz.part`]: 1 },
    [`${b}.xz.part`],
  ],
  ["touches nothing else", { [`${a}.deb`]: 9999, notes: 9999 }, [`${a}.deb`, "notes"]],
];
test.each(table)("tidyPartials %s", async (_, files, left) => {
  const directory = await temporaryDirectory();
  for (const [name, hours] of Object.entries(files)) {
    const path = join(directory, name);
    await writeFile(path, "content");
    const time = new Date(now.getTime() - hours * hourMs);
    await utimes(path, time, time);
  }
  await tidyPartials(directory, now);
  expect((await readdir(directory)).sort()).toEqual(left.sort());
});

test("tidyPartials deletes the oldest of more than 512 MiB", async () => {
  const directory = await temporaryDirectory();
  for (const [name, hours] of [
    [`${a}.deb.part`, 2],
    [`${b}.deb.part`, 1],
  ] as const) {
    const path = join(directory, name);
    await writeFile(path, "");
    await truncate(path, 300 << 20);
    const time = new Date(now.getTime() - hours * hourMs);
    await utimes(path, time, time);
  }
  await tidyPartials(directory, now);
  expect(await readdir(directory)).toEqual([`${b}.deb.part`]);
});

test("tidyPartials has nothing to do in a folder that is not there", async () => {
  await tidyPartials(join(await temporaryDirectory(), "none"), now);
});
