import { describe, expect, test } from "vitest";
import {
  axes,
  type RefusedTexts,
  refusalOf,
  testRefusals,
  whole,
  withWorkload,
} from "./refusal-of.ts";

const misused: RefusedTexts = {
  "an empty file": ["", "1:1: the value is empty", /^write keys with values/],
  "a list": ["- a", "1:1: a list is not what is expected, a mapping", /docs\/matrix\.md/],
  "no workloads": [axes, '1:1: the key "workloads" is missing', /^add "workloads": a list of/],
  "no axis": [
    "\nengine: 26.1\nworkloads: [{name: w, run: [x]}]",
    '2:1: the key "kernel" is missing',
    /^add "kernel"/,
  ],
  "an unknown key": [
    `${whole}colour: red\n`,
    "4:1: colour: unknown key",
    /^remove it, or use one of name, kernel,/,
  ],
  "a typo": [
    `kernal: 6.1\n${whole}`,
    '1:1: kernal: unknown key, did you mean "kernel"?',
    /^write "kernel", or/,
  ],
  "a typo within": [
    withWorkload("timeuot: 5m"),
    '6:5: workloads[0].timeuot: unknown key, did you mean "timeout"?',
    /^write "timeout"/,
  ],
  "another style of key": [
    `${whole}storageDriver: vfs`,
    '4:1: storageDriver: unknown key, did you mean "storage-driver"?',
    /storage-driver/,
  ],
  "a merge": [
    `${whole}exclude: [{<<: {kernel: 6.1}}]`,
    "4:12: exclude[0].<<: unknown key",
    /^remove it, or use one of kernel/,
  ],
  "an axis without a value": [
    "kernel:\nengine: 1\nworkloads: [{name: w, run: [x]}]",
    "1:8: kernel: the value is empty",
    /^give kernels/,
  ],
  "an empty list": [
    "kernel: []\nengine: 1\nworkloads: [{name: w, run: [x]}]",
    "1:9: kernel: the list is empty",
    /^give kernels/,
  ],
  "a mapping for an axis": [
    "kernel: {a: b}\nengine: 1\nworkloads: [{name: w, run: [x]}]",
    "1:9: kernel: a mapping is not what is expected, text or a list",
    /^give kernels/,
  ],
  "no version": [
    "kernel: [6.1, 6/2]\nengine: 1\nworkloads: [{name: w, run: [x]}]",
    '1:15: kernel[1]: "6/2" is no version',
    /^give kernels/,
  ],
  "a value that is none": [
    `${whole}cgroup: V1`,
    '4:9: cgroup: "V1" is none of v1, v2, did you mean "v1"?',
    /^give the versions of control groups/,
  ],
  "a value of a list that is none": [
    `${whole}cgroup: [v1, v3]`,
    '4:14: cgroup[1]: "v3" is none of v1, v2, did you mean "v1"?',
    /^give the versions of control groups/,
  ],
  "an empty list of values": [
    `${whole}cgroup: []`,
    "4:9: cgroup: the list is empty",
    /^give the v/,
  ],
  "a mapping for values": [
    `${whole}cgroup: {}`,
    "4:9: cgroup: a mapping is not what is expected, text or a list",
    /^give the versions of control groups/,
  ],
  "GiB of memory": [`${whole}memory: 2`, '4:9: memory: "2" is less than 256', /in MiB/],
  "memory that is no number": [
    `${whole}memory: [2048, 2g]`,
    '4:16: memory[1]: "2g" is no whole number',
    /in MiB/,
  ],
  "too many CPUs": [`${whole}cpus: 65`, '4:7: cpus: "65" is more than 64', /1 to 64/],
  "a command line": [
    `${axes}workloads: [{name: w, run: docker run app}]`,
    '3:28: workloads[0].run: "docker run app" is not what is expected, a list or a mapping',
    /as a list of words/,
  ],
  "no program": [
    `${axes}workloads: [{name: w, run: []}]`,
    "3:28: workloads[0].run: the list is empty",
    /as a list of words/,
  ],
  "an empty program": [
    `${axes}workloads: [{name: w, run: [""]}]`,
    "3:29: workloads[0].run[0]: the value is empty",
    /as a list of words/,
  ],
  "a typo of shell": [
    `${axes}workloads: [{name: w, run: {shel: x}}]`,
    '3:29: workloads[0].run.shel: unknown key, did you mean "shell"?',
    /^write "shell"/,
  ],
  "a time limit that is none": [
    withWorkload("timeout: 5 parsecs"),
    '6:14: workloads[0].timeout: "5 parsecs" is no time limit',
    /^give the time limit/,
  ],
  "no time": [
    withWorkload("timeout: 0s"),
    '6:14: workloads[0].timeout: "0s" is no time at all',
    /24 hours/,
  ],
  "too much time": [
    withWorkload("timeout: 25h"),
    '6:14: workloads[0].timeout: "25h" is longer than a day',
    /24 hours/,
  ],
  "a regular expression": [
    withWorkload('allow-splats: [ok, "("]'),
    '6:24: workloads[0].allow-splats[1]: "(" is no regular expression',
    /regular expressions/,
  ],
  "two kernel arguments in one": [
    withWorkload("kernel-arguments: quiet splash"),
    '6:23: workloads[0].kernel-arguments: "quiet splash" is not one argument of a kernel\'s command line',
    /command line: "quiet"/,
  ],
  "a relative path in the machine": [
    withWorkload("copy: [{from: a, to: b}]"),
    '6:26: workloads[0].copy[0].to: "b" is no absolute path',
    /^give an absolute path/,
  ],
  "a copy to nowhere": [
    withWorkload("copy: [{from: a}]"),
    '6:12: workloads[0].copy[0]: the key "to" is missing',
    /^add "to"/,
  ],
  "a name with a space": [
    `${axes}workloads: [{name: a b, run: [x]}]`,
    '3:20: workloads[0].name: "a b" is no name',
    /letters, digits/,
  ],
  "a rule without a reason": [
    `${whole}xfail: [{kernel: 6.1}]`,
    '4:9: xfail[0]: the key "reason" is missing',
    /^add "reason"/,
  ],
  "a rule that expects what nobody can": [
    `${whole}xfail: [{outcome: infra, reason: r}]`,
    '4:19: xfail[0].outcome: "infra" is none of fail, timeout, kernel-splat, engine-fail, boot-fail, unsupported',
    /^give how the cells are expected to fail/,
  ],
  "the key __proto__": [`${whole}__proto__: 1`, "4:1: __proto__: unknown key", /^remove it/],
  "a value of several lines": [
    `${whole}name: "a\\nb\\e[0m"`,
    '4:7: name: "a\\nb\\u001b[0m" is no name',
    /^give a name/,
  ],
  "a key of several words": [`${whole}a b: 1`, '4:1: "a b": unknown key', /^remove it/],
};

describe("what the schema does not allow is refused at its line and column", () =>
  testRefusals(misused));

test("of several mistakes the first in the file is told", async () => {
  const text = `${axes}cpus: many\nworkloads: [{nam: w}]\nkernl: 6.1`;
  expect((await refusalOf(text)).message).toMatch(/^matrix\.yaml:3:7: cpus/);
});

test("a misspelt key that must be there is told as misspelt", async () => {
  const { message } = await refusalOf(`engin: 1\nkernel: 1\nworkloads: [{name: w, run: [x]}]`);
  expect(message).toBe('matrix.yaml:1:1: engin: unknown key, did you mean "engine"?');
});
