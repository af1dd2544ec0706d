import { resolve } from "node:path";
import { expect, test } from "vitest";
import { parseMatrix } from "../../../../src/matrix/definition/parse-matrix.ts";

const workloads = "workloads: [{name: w, run: [true]}]";
const parse = (text: string) => parseMatrix(text, { path: "folder/matrix.yaml" });
const idsOf = async (text: string) => (await parse(text)).cells.map(({ id }) => id);

test("the cells are in the order of the axes' values, then of the workloads", async () => {
  const { name, cells } = await parse(`
kernel: [6.10, 6.1]
engine: [28.5, 26.1]
cpus: [1, 2]
workloads:
  - {name: b, run: [b]}
  - {name: a, run: [a]}
`);
  expect(name).toBe("matrix");
  expect(cells.map(({ id, workload }) => `${id} ${workload.name}`)).toEqual(
    ["6.10/28.5", "6.10/26.1", "6.1/28.5", "6.1/26.1"].flatMap((pair) =>
      ["1 b", "1 a", "2 b", "2 a"].map((rest) => `${pair}/cpus=${rest}`),
    ),
  );
});

test("numbers of axes are numbers, and versions stay as they are written", async () => {
  const { cells } = await parse(
    `{"kernel": 6.10, "engine": 27, "memory": 512, "cpus": "2", ${workloads}}`,
  );
  expect(cells.map(({ axes }) => axes)).toEqual([
    { kernel: "6.10", engine: "27", memoryMiB: 512, cpus: 2 },
  ]);
});

test("a workload has defaults, and paths from the definition's folder", async () => {
  const { cells, files } = await parse(`
kernel: 6.1
engine: 26.1
workloads:
  - name: w
    load: a.tar
    copy: [{from: /there, to: /srv/x}]
    run: [sleep, 007, true, ""]
`);
  const directory = resolve("folder");
  expect(cells[0]?.workload).toEqual({
    name: "w",
    load: [resolve(directory, "a.tar")],
    copy: [{ from: resolve("/there"), to: "/srv/x" }],
    command: ["sleep", "007", "true", ""],
    runs: "host",
    directory,
    timeoutMs: 600_000,
    kernelArguments: [],
    allowedSplats: [],
  });
  expect(files).toEqual([
    {
      path: resolve(directory, "a.tar"),
      kind: "file",
      place: "folder/matrix.yaml:6:11: workloads[0].load",
    },
    {
      path: resolve("/there"),
      kind: "file or folder",
      place: "folder/matrix.yaml:7:19: workloads[0].copy[0].from",
    },
  ]);
});

test.each([
  ["run: {shell: a | b}", ["sh", "-c", "a | b"]],
  [
    "compose: c.yaml",
    [
      ...["docker", "compose", "--file", resolve("folder/c.yaml")],
      ...["up", "--abort-on-container-exit"],
    ],
  ],
  [
    "compose: c.yaml, service: test",
    [
      ...["docker", "compose", "--file", resolve("folder/c.yaml")],
      ...["up", "--exit-code-from", "test"],
    ],
  ],
])("the workload %s is a command", async (keys, command) => {
  const { cells } = await parse(`{kernel: 6.1, engine: 26.1, workloads: [{name: w, ${keys}}]}`);
  expect(cells[0]?.workload.command).toEqual(command);
});

test.each([
  ["90s", 90_000],
  ["5m", 300_000],
  ["1h30m", 5_400_000],
  ["45", 45_000],
])("a time limit of %s is %d milliseconds", async (timeout, timeoutMs) => {
  const { cells } = await parse(
    `{kernel: 6.1, engine: 26.1, workloads: [{name: w, run: [x], timeout: ${timeout}}]}`,
  );
  expect(cells[0]?.workload.timeoutMs).toBe(timeoutMs);
});

test("exclude leaves out whatever has its values", async () => {
  const axes = "kernel: [5.10, 6.1]\nengine: [26.1, 28.5]\ncgroup: [v1, v2]";
  expect(
    await idsOf(
      `${axes}\nexclude: [{kernel: 5.10, engine: [28.5]}, {cgroup: v1, kernel: [6.1]}]\n${workloads}`,
    ),
  ).toEqual([
    "5.10/26.1/cgroup=v1",
    "5.10/26.1/cgroup=v2",
    "6.1/26.1/cgroup=v2",
    "6.1/28.5/cgroup=v2",
  ]);
});

test("include adds combinations with the matrix's other axes, also those that exclude has left out", async () => {
  expect(
    await idsOf(`
kernel: [5.10, 6.1]
engine: [26.1, 28.5]
exclude: [{kernel: 5.10}]
include: [{kernel: 5.10, engine: 26.1}, {kernel: [6.1, 7.3]}, {engine: 26.1, storage-driver: vfs}]
${workloads}`),
  ).toEqual([
    ...["6.1/26.1", "6.1/28.5", "5.10/26.1", "7.3/26.1", "7.3/28.5"],
    ...["5.10/26.1/storage-driver=vfs", "6.1/26.1/storage-driver=vfs"],
  ]);
});

test("the first rule that names a cell tells why it is expected to fail", async () => {
  const { cells } = await parse(`
kernel: [5.10, 6.1]
engine: 26.1
workloads: [{name: a, run: [x]}, {name: b, run: [x]}]
xfail:
  - {kernel: 5.10, workload: b, reason: first}
  - {workload: [b], reason: second}
`);
  expect(cells.map(({ axes, workload, xfail }) => [axes.kernel, workload.name, xfail])).toEqual([
    ["5.10", "a", undefined],
    ["5.10", "b", "first"],
    ["6.1", "a", undefined],
    ["6.1", "b", "second"],
  ]);
});

test("a rule may name how cells are expected to fail", async () => {
  const { cells } = await parse(`
kernel: [5.10, 6.1, 6.12]
engine: 26.1
workloads: [{name: a, run: [x]}]
xfail:
  - {kernel: 5.10, outcome: kernel-splat, reason: one}
  - {kernel: 6.1, outcome: [unsupported, boot-fail], reason: several}
  - {kernel: 6.12, reason: as usual}
`);
  expect(cells.map(({ xfailOutcomes }) => xfailOutcomes)).toEqual([
    ["kernel-splat"],
    ["unsupported", "boot-fail"],
    undefined,
  ]);
});

test("an alias stands for what its anchor names", async () => {
  expect(
    await idsOf(`
kernel: &kernels [5.10, 6.1]
engine: 26.1
include: [{kernel: *kernels, cpus: 1}]
${workloads}`),
  ).toEqual(["5.10/26.1", "6.1/26.1", "5.10/26.1/cpus=1", "6.1/26.1/cpus=1"]);
});

test("what is one value and what is a list of it are the same", async () => {
  const [one, list] = await Promise.all([
    parse(`{kernel: 6.1, engine: 26.1, ${workloads}}`),
    parse(`{kernel: [6.1], engine: [26.1, 26.1], ${workloads}}`),
  ]);
  expect(list).toEqual(one);
});
