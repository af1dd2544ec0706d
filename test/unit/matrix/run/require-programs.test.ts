import { basename, dirname } from "node:path";
import { execPath } from "node:process";
import { expect, test } from "vitest";
import type { Workload } from "../../../../src/matrix/definition/matrix.ts";
import { requirePrograms } from "../../../../src/matrix/run/require-programs.ts";

const host = { environment: { PATH: dirname(execPath) }, platform: process.platform };
const node = basename(execPath, ".exe");

const require = (program: string, runs: Workload["runs"] = "host") => {
  const workload: Workload = {
    ...{ name: "w", load: [], copy: [], command: [program], runs, directory: dirname(execPath) },
    ...{ timeoutMs: 1000, kernelArguments: [], allowedSplats: [] },
  };
  return requirePrograms(
    [{ id: "6.1/26.1", axes: { kernel: "6.1", engine: "26.1" }, workload }],
    host,
  );
};

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
