import { chmod, readFile, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { execPath } from "node:process";
import { expect, test } from "vitest";
import type { Cell, Workload } from "../../../../src/matrix/definition/matrix.ts";
import { requirePrograms } from "../../../../src/matrix/run/require-programs.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";

const host = { environment: { PATH: dirname(execPath) }, platform: process.platform };
const node = basename(execPath, ".exe");

const { signal } = new AbortController();

const cellOf = (command: Workload["command"], runs: Workload["runs"] = "host"): Cell => {
  const workload: Workload = {
    ...{ name: "w", load: [], copy: [], command, runs, directory: dirname(execPath) },
    ...{ timeoutMs: 1000, kernelArguments: [], allowedSplats: [] },
  };
  return { id: "6.1/26.1", axes: { kernel: "6.1", engine: "26.1" }, workload };
};
const require = (program: string, runs?: Workload["runs"]) =>
  requirePrograms([cellOf([program], runs)], { ...host, signal });

test("programs are found on PATH, by absolute paths, and by paths from the workload's folder", async () => {
  await require(node);
  await require(execPath);
  await require(`./${basename(execPath)}`);
  await require("no-such-program", "guest");
});

test.each([
  ["no-such-program", /workload w: program no-such-program is not on PATH/],
  ["./no-such-program", /workload w: program \.\/no-such-program cannot be run/],
])("%s is refused", async (program, message) => {
  await expect(require(program)).rejects.toThrow(message);
});

test.each([0, 1])("of docker compose its plugin is asked for: status %i", async (status) => {
  const folder = await temporaryDirectory();
  const docker = join(folder, "docker");
  await writeFile(docker, `#!/bin/sh\necho "$@" >"${folder}/asked"\nexit ${status}\n`);
  await chmod(docker, 0o755);
  const compose = cellOf(["docker", "compose", "--file", "x", "up"]);
  const required = requirePrograms([compose], {
    ...{ environment: { PATH: folder }, platform: process.platform, signal },
  });
  if (status === 0) await required;
  else await expect(required).rejects.toThrow("workload w: docker has no compose");
  expect(await readFile(join(folder, "asked"), "utf8")).toBe("compose version\n");
});
