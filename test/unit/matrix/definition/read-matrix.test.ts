import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readMatrix } from "../../../../src/matrix/definition/read-matrix.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tsmachine-matrix-"));
  await Promise.all(["app.tar", "compose.yaml"].map((name) => writeFile(join(folder, name), "")));
  await mkdir(join(folder, "fixtures"));
});
afterEach(() => rm(folder, { recursive: true }));

async function write(keys: string): Promise<string> {
  const path = join(folder, "matrix.yaml");
  await writeFile(path, `kernel: 6.1\nengine: 26.1\nworkloads:\n  - name: w\n    ${keys}\n`);
  return path;
}

test("a definition is read whose files are there", async () => {
  const copy = "copy: [{from: fixtures, to: /f}, {from: app.tar, to: /a}]";
  const path = await write(`compose: compose.yaml\n    load: app.tar\n    ${copy}`);
  expect((await readMatrix(path)).cells).toHaveLength(1);
});

test.each([
  [
    "run: [x]\n    load: [app.tar, no.tar]",
    "6:21: workloads[0].load[1]: there is no file ",
    "no.tar",
  ],
  ["run: [x]\n    load: fixtures", "6:11: workloads[0].load: ", "fixtures is a folder"],
  [
    "run: [x]\n    copy: [{from: no, to: /a}]",
    "6:19: workloads[0].copy[0].from: there is no",
    "no",
  ],
  ["compose: app.tar/x", "5:14: workloads[0].compose: there is no file", "x"],
])("%s is refused at its place", async (keys, begin, end) => {
  const path = await write(keys);
  const error: unknown = await readMatrix(path).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({
    code: "INVALID_INPUT",
    hints: [expect.stringMatching(/relative to the folder of the definition/)],
    message: expect.stringMatching(new RegExp(`${end}$`)),
  });
  expect(String(error)).toContain(`${path}:${begin}`);
});

test("a definition is refused that is not the one that was submitted", async () => {
  const path = await write("run: [x]");
  const { definitionSha256 } = await readMatrix(path);
  const printed = createHash("sha256")
    .update(await readFile(path))
    .digest("hex");
  expect(definitionSha256).toBe(printed);
  await readMatrix(path, definitionSha256);
  await write("run: [y]");
  await expect(readMatrix(path, definitionSha256)).rejects.toMatchObject({
    ...{ code: "INVALID_INPUT", message: `${path} has changed since the job was submitted` },
  });
});

test("a definition that is not there, or is a folder, cannot be read", async () => {
  for (const path of [join(folder, "no.yaml"), folder]) {
    await expect(readMatrix(path)).rejects.toMatchObject({ code: "FILE_UNREADABLE" });
  }
});

test("a file that is too large for a definition is not read", async () => {
  const path = join(folder, "large.yaml");
  await writeFile(path, " ".repeat(1024 * 1024 + 1));
  await expect(readMatrix(path)).rejects.toMatchObject({ code: "INVALID_INPUT" });
});
