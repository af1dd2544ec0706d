import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { killTree } from "../../../src/host/processes/kill-tree.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

/** A process that has ended: its number is beyond what any system gives. */
const deadPid = 2 ** 30;

afterEach(() => {
  vi.unstubAllEnvs();
});

test("on Windows the tree of processes is ended by taskkill", async () => {
  const folder = await temporaryDirectory();
  const program = join(folder, "taskkill");
  await writeFile(program, `#!/bin/sh\necho "$@" >${folder}/arguments\nexit 128\n`);
  await chmod(program, 0o755);
  vi.stubEnv("PATH", folder);
  await killTree(deadPid, "win32");
  expect(await readFile(join(folder, "arguments"), "utf8")).toBe(`/T /F /PID ${deadPid}\n`);
});

test("a group that is gone is no failure", async () => {
  await killTree(deadPid, "linux");
});
