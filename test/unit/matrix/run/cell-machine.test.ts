import { expect, test } from "vitest";
import { requestFor } from "../../../../src/matrix/run/cell-machine.ts";
import { shellCell } from "../../../support/matrix/matrix-world.ts";

const standard = { "6.12": { kind: "default" }, "26.1": { kind: "default" } } as const;
const names = { kernels: standard, engines: standard, architecture: "amd64" } as const;
const machine = { providerId: "kvm", names, user: { pid: 1, startedAt: "1" }, bootTimeoutMs: 1 };

test.each([
  ["has room for many of its kernel's messages", true, ["log_buf_len=2M", "quiet"]],
  ["gets no arguments of ours where its provider gives none", false, ["quiet"]],
])("the machine of a cell %s", (_what, takesArguments, expected) => {
  const cell = shellCell("w", "", { workload: { kernelArguments: ["quiet"] } });
  const { kernelArguments } = requestFor(cell, { ...machine, takesArguments });
  expect(kernelArguments).toEqual(expected);
});
