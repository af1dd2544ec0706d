import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { expect, test } from "vitest";
import { writeCpio } from "../../../src/bytes/cpio.ts";
import { run } from "../../../src/host/processes/run.ts";
import { hasProgram } from "../../support/archives/programs.ts";
import { expectFolderToHold, sampleTree } from "../../support/archives/sample-tree.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

test.skipIf(!hasProgram("cpio"))("cpio unpacks all that was packed", async () => {
  const directory = join(await temporaryDirectory(), "root");
  await mkdir(directory);
  const archive = await buffer(writeCpio(sampleTree()));
  const options = ["--extract", "--quiet", "--no-absolute-filenames", "--make-directories"];
  const { stderr } = await run("cpio", options, { input: archive, cwd: directory });
  expect(stderr).toBe("");
  await expectFolderToHold(directory, sampleTree());
});
