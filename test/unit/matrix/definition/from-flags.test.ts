import { resolve } from "node:path";
import { expect, test } from "vitest";
import { type MatrixFlags, matrixFromFlags } from "../../../../src/matrix/definition/from-flags.ts";

const directory = resolve("here");
const flags: MatrixFlags = { kernel: "6.1", engine: "26.1", command: ["x"] };

test("flags describe a matrix of one workload", () => {
  const { name, cells, files } = matrixFromFlags(
    {
      ...{ kernel: "5.10,6.1", engine: "26.1,28.5", cpus: "2", storageDriver: "vfs" },
      ...{ load: ["app.tar"], where: "guest", timeout: "5m", kernelArgument: ["quiet"] },
      ...{ allowSplat: ["lockdep"], command: ["docker", "run", "", "a b"] },
    },
    { directory },
  );
  expect(name).toBe("matrix");
  expect(cells.map(({ id }) => id)).toEqual(
    ["5.10/26.1", "5.10/28.5", "6.1/26.1", "6.1/28.5"].map(
      (pair) => `${pair}/storage-driver=vfs/cpus=2`,
    ),
  );
  expect(cells[0]?.workload).toEqual({
    ...{ name: "command", command: ["docker", "run", "", "a b"], runs: "guest", directory },
    ...{ load: [resolve(directory, "app.tar")], copy: [], timeoutMs: 300_000 },
    ...{ kernelArguments: ["quiet"], allowedSplats: ["lockdep"] },
  });
  expect(files).toEqual([{ path: resolve(directory, "app.tar"), kind: "file", place: "--load" }]);
});

test("flags that may be repeated may be left out", () => {
  const none = { load: [], kernelArgument: [], allowSplat: [] };
  expect(matrixFromFlags({ ...flags, ...none }, { directory })).toEqual(
    matrixFromFlags(flags, { directory }),
  );
});

test.each<[wrong: Partial<MatrixFlags>, message: string, hint: RegExp]>([
  [{ timeout: "soon" }, '--timeout: "soon" is no time limit', /^give the time limit/],
  [{ kernel: "6.1,,6.2" }, "--kernel: the value is empty", /^give kernels/],
  [{ cgroup: "2" }, '--cgroup: "2" is none of v1, v2, did you mean "v2"?', /^give the versions/],
  [{ storageDriver: "a/b" }, '--storage-driver: "a/b" is no name', /^give the storage drivers/],
  [
    { kernelArgument: ["a b"] },
    '--kernel-argument: "a b" is not one argument of a kernel\'s command line',
    /command line: "quiet"/,
  ],
  [{ allowSplat: ["("] }, '--allow-splat: "(" is no regular expression', /regular/],
  [{ where: "here" }, '--where: "here" is none of host, guest', /^give where/],
  [
    { kernel: Array.from({ length: 5000 }, (_, index) => index).join(",") },
    "the flags: 5000 cells are more than the 4096 that a matrix may have",
    /^give fewer values/,
  ],
  [{ command: [] }, "the command: there is none", /after `--`/],
  [{ command: [""] }, "the command: the value is empty", /list of words/],
])("a wrong flag is refused by its name, case %#", (wrong, message, hint) => {
  expect(() => matrixFromFlags({ ...flags, ...wrong }, { directory })).toThrow(
    expect.objectContaining({
      code: "INVALID_INPUT",
      message,
      hints: [expect.stringMatching(hint)],
    }),
  );
});

test.each(["kernel", "engine"] as const)("--%s must be given", (axis) => {
  const { [axis]: _, ...others } = flags;
  expect(() => matrixFromFlags(others, { directory })).toThrow(
    expect.objectContaining({
      message: `--${axis}: the flag is missing`,
      hints: [expect.stringMatching(`^give --${axis} with .*, or several with commas$`)],
    }),
  );
});
