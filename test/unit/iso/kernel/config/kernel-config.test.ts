import { expect, test } from "vitest";
import { parseKernelConfig } from "../../../../../src/iso/kernel/config/kernel-config.ts";

const text = [
  "#",
  "# Automatically generated file; DO NOT EDIT.",
  "# Linux/x86 7.3.0-rc7 Kernel Configuration",
  "#",
  'CONFIG_CC_VERSION_TEXT="gcc = 15"',
  "CONFIG_NAMESPACES=y",
  "CONFIG_VETH=m\r",
  "# CONFIG_MEMCG_V1 is not set",
  "CONFIG_KEYS=n",
  "CONFIG_HZ=250",
  "",
].join("\n");

test("a configuration is read with its values and the series of its kernel", () => {
  expect(parseKernelConfig(text, "config")).toEqual({
    series: "7.3",
    options: new Map([
      ["CC_VERSION_TEXT", '"gcc = 15"'],
      ["NAMESPACES", "y"],
      ["VETH", "m"],
      ["HZ", "250"],
    ]),
  });
});

test("a configuration without its first lines is of no known series", () => {
  expect(parseKernelConfig("CONFIG_VETH=m", "config").series).toBeUndefined();
});

test.each(["", "# CONFIG_VETH is not set\n", "<html>", "VETH=m\n"])(
  "a text without any option is refused: %j",
  (other) => {
    expect(() => parseKernelConfig(other, "/tmp/x")).toThrow(
      expect.objectContaining({
        ...{ code: "INVALID_INPUT", message: "/tmp/x is not the configuration of a kernel" },
      }),
    );
  },
);
