import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { hostsFilePath, readHostsFile } from "../../../src/host/files/hosts-file.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

test("a hosts file that is not there, or cannot be read, has no names", async () => {
  const folder = await temporaryDirectory();
  expect(await readHostsFile(join(folder, "hosts"))).toBe("");
  expect(await readHostsFile(folder)).toBe("");
  await writeFile(join(folder, "hosts"), "192.0.2.7 a\n");
  expect(await readHostsFile(join(folder, "hosts"))).toBe("192.0.2.7 a\n");
});

test("Windows has it in its system's folder", () => {
  expect(hostsFilePath("linux", {})).toBe("/etc/hosts");
  expect(hostsFilePath("win32", { SystemRoot: "D:\\Win" })).toContain("D:\\Win");
});
