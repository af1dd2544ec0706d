import { describe, expect, test } from "vitest";
import { parseKvmOptions } from "../../../../src/providers/kvm/options.ts";

const bigHost = { totalMemoryMiB: 24_105.6, availableMemoryMiB: 20_000, cpuCount: 16 };

describe("defaults", () => {
  test("a big host gives 2 GiB, two CPUs and 20 GB", () => {
    expect(parseKvmOptions({}, bigHost)).toEqual({
      memoryMiB: 2048,
      cpuCount: 2,
      diskSizeMiB: 20_000,
      accel: "auto",
      boot: "direct",
    });
  });

  test("a small host gives half its memory and the CPU it has", () => {
    const smallHost = { totalMemoryMiB: 2001, availableMemoryMiB: 900, cpuCount: 1 };
    expect(parseKvmOptions(undefined, smallHost)).toMatchObject({ memoryMiB: 1000, cpuCount: 1 });
  });
});

test("values may be the text of flags", () => {
  const text = { memoryMiB: "4096", cpuCount: "3", diskSizeMiB: "8000", boot: "iso", accel: "kvm" };
  expect(parseKvmOptions(text, bigHost)).toEqual({
    memoryMiB: 4096,
    cpuCount: 3,
    diskSizeMiB: 8000,
    boot: "iso",
    accel: "kvm",
  });
});

test.each([
  {
    input: { memoryMiB: "24106" },
    message: "--kvm-memory: this host has only 24105 MiB of memory",
  },
  { input: { memoryMiB: "much" }, message: "--kvm-memory: " },
  { input: { memoryMiB: "100" }, message: "--kvm-memory: " },
  { input: { memoryMiB: "1000.5" }, message: "--kvm-memory: " },
  { input: { cpuCount: "0" }, message: "--kvm-cpu-count: " },
  { input: { cpuCount: "" }, message: "--kvm-cpu-count: " },
  { input: { diskSizeMiB: "1" }, message: "--kvm-disk-size: " },
  { input: { accel: "xen" }, message: "--kvm-accel: " },
  { input: { boot: "floppy" }, message: "--kvm-boot: " },
  { input: { program: "" }, message: "--kvm-program: " },
  { input: "nonsense", message: "options of kvm: " },
])("$input is refused by the name of its flag", ({ input, message }) => {
  expect(() => parseKvmOptions(input, bigHost)).toThrow(
    expect.objectContaining({
      code: "INVALID_INPUT",
      message: expect.stringContaining(message),
      hints: [expect.stringMatching(/^give another value with /)],
    }),
  );
});
