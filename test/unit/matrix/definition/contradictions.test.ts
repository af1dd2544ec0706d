import { describe, expect, test } from "vitest";
import {
  axes,
  type RefusedTexts,
  refusalOf,
  testRefusals,
  whole,
  withWorkload,
} from "./refusal-of.ts";

const contradictions: RefusedTexts = {
  "nothing to run": [
    `${axes}workloads: [{name: w}]`,
    "3:13: workloads[0]: there is nothing to run",
    /^add run/,
  ],
  "run and compose": [
    withWorkload("compose: c.yaml"),
    "6:5: workloads[0].compose: there is run, too",
    /^keep one/,
  ],
  "a service of nothing": [
    withWorkload("service: s"),
    "6:5: workloads[0].service: there is no compose file",
    /^remove "service"/,
  ],
  "compose in the guest": [
    `${axes}workloads: [{name: w, compose: c, where: guest}]`,
    "3:35: workloads[0].where: compose runs on the host",
    /^remove "where"/,
  ],
  "a name twice": [
    `${axes}workloads: [{name: w, run: [x]}, {name: w, run: [y]}]`,
    '3:41: workloads[1].name: there is another workload "w"',
    /name of its own/,
  ],
  "a rule for an unknown workload": [
    `${whole}xfail: [{workload: W2, reason: r}]`,
    '4:20: xfail[0].workload: there is no workload "W2", did you mean "w"?',
    /^use one of w$/,
  ],
  "a rule for no cell": [
    `${whole}xfail: [{kernel: 6.2, reason: r}]`,
    "4:9: xfail[0]: no cell is named by this",
    /as the axes have them/,
  ],
  "an exclude of nothing": [
    `${whole}exclude: [{kernel: 6.10}]`,
    "4:11: exclude[0]: no combination is left out by this",
    /as the axes have them/,
  ],
  "an exclude of everything": [
    `${whole}exclude: [{kernel: 6.1}]`,
    "4:10: exclude: every combination is left out",
    /^remove an entry/,
  ],
};

describe("what contradicts or lacks something else is refused at its line and column", () =>
  testRefusals(contradictions));

test("more cells than a matrix may have are refused by their number", async () => {
  const kernels = Array.from({ length: 2049 }, (_, index) => `6.${index}`).join(", ");
  const { message } = await refusalOf(
    `kernel: [${kernels}]\nengine: [1, 2]\nworkloads: [{name: w, run: [x]}]`,
  );
  expect(message).toBe("matrix.yaml:1:1: 4098 cells are more than the 4096 that a matrix may have");
});
