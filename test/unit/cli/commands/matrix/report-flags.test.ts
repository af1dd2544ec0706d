import { chmod, mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import {
  requireWritable,
  writeReports,
} from "../../../../../src/cli/commands/matrix/report-flags.ts";
import { sampleReport } from "../../../../support/matrix/sample-report.ts";
import { temporaryDirectory } from "../../../../support/temporary-directory.ts";

let folder: string;
beforeEach(async () => {
  folder = await temporaryDirectory();
});

test.each(["/dev/null", "/"])(
  "%s, which is no regular file, is refused in advance",
  async (json) => {
    await expect(requireWritable({ json })).rejects.toMatchObject({
      ...{ code: "FILE_UNREADABLE", message: `--json ${json} cannot be written: it is no file` },
    });
  },
);

test("a file that is there, or not yet, is not refused", async () => {
  const json = join(folder, "there.json");
  await writeFile(json, "");
  await requireWritable({ json, junit: join(folder, "new.xml") });
});

test("a file that is replaced keeps its mode", async () => {
  const json = join(folder, "report.json");
  await writeFile(json, "");
  await chmod(json, 0o666);
  await writeReports(sampleReport(), { json });
  expect((await stat(json)).mode & 0o777).toBe(0o666);
  expect(JSON.parse(await readFile(json, "utf8"))).toMatchObject({ name: sampleReport().name });
});

test("one report that cannot be written loses none of the others", async () => {
  const json = join(folder, "folder");
  await mkdir(join(json, "full"), { recursive: true });
  const markdown = join(folder, "summary.md");
  const junit = join(folder, "junit.xml");
  await expect(writeReports(sampleReport(), { json, junit, markdown })).rejects.toMatchObject({
    ...{ code: "FILE_UNREADABLE", message: expect.stringContaining(`--json ${json}`) },
  });
  expect((await readdir(folder)).sort()).toEqual(["folder", "junit.xml", "summary.md"]);
});
