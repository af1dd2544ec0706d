import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parseDiskUsage } from "../../../../src/providers/kvm/process/usage.ts";
import { projectFolder } from "../../../support/project-files.ts";

test("what QEMU 10.0 says of its disks has the figures of the data disk alone", async () => {
  const path = join(projectFolder, "test/fixtures/qemu/query-blockstats.json");
  expect(parseDiskUsage(JSON.parse(await readFile(path, "utf8")))).toEqual({
    diskReadBytes: 8_261_120,
    diskWrittenBytes: 1_212_416,
  });
});

test.each([[[]], [{}], [undefined], [[{ "node-name": "data" }]]])(
  "an answer without them (%j) has none",
  (answer) => {
    expect(parseDiskUsage(answer)).toEqual({});
  },
);
