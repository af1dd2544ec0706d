import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { TsmachineError } from "../../../../src/errors/tsmachine-error.ts";
import { readModuleInfo } from "../../../../src/iso/kernel/module-info.ts";
import { elfObject, kernelModule } from "../../../support/archives/kernel-module.ts";

const path = "kernel/fs/isofs/isofs.ko";
const isofs = kernelModule(
  "alias=iso9660",
  "alias=fs-iso9660",
  "license=GPL",
  "depends=cdrom,nls-base",
  "name=isofs",
  "vermagic=6.12.0 SMP name=decoy",
);

test("name, needs and aliases are read", () => {
  expect(readModuleInfo(isofs, path)).toEqual({
    name: "isofs",
    depends: ["cdrom", "nls-base"],
    prefers: [],
    aliases: ["iso9660", "fs-iso9660"],
  });
});

test("a module may need nothing", () => {
  expect(readModuleInfo(kernelModule("depends=", "name=loop"), path)).toEqual({
    name: "loop",
    depends: [],
    prefers: [],
    aliases: [],
  });
});

test.each([
  ["one to load before", ["softdep=pre: crypto-crc32c"], ["crypto-crc32c"]],
  ["some before and after", ["softdep=pre: a b post: c"], ["a", "b", "c"]],
  ["some of no stated order", ["softdep=gcm", "softdep=ccm"], ["gcm", "ccm"]],
  ["one that it loads itself", ["weakdep=nf_log_syslog"], ["nf_log_syslog"]],
  ["none in an empty text", ["softdep="], []],
])("a module may prefer others: %s", (_, texts, prefers) => {
  const module = kernelModule("name=a", "depends=", ...texts);
  expect(readModuleInfo(module, path).prefers).toEqual(prefers);
});

test("a signature after the object does not matter", () => {
  const signed = Buffer.concat([isofs, Buffer.from("~Module signature appended~\n")]);
  expect(readModuleInfo(signed, path).name).toBe("isofs");
});

function changed(change: (bytes: Buffer) => void): Buffer {
  const bytes = Buffer.from(isofs);
  change(bytes);
  return bytes;
}

describe("what is no kernel module is refused by name", () => {
  test.each([
    ["no bytes", Buffer.alloc(0)],
    ["a text", Buffer.from("#!/bin/sh\n".repeat(20))],
    ["another magic", changed((bytes) => bytes.writeUInt8(0x7e, 0))],
    ["a 32-bit object", changed((bytes) => bytes.writeUInt8(1, 4))],
    ["a big-endian object", changed((bytes) => bytes.writeUInt8(2, 5))],
    ["a header table beyond the end", changed((bytes) => bytes.writeBigUInt64LE(2n ** 63n, 40))],
    ["an unknown header size", changed((bytes) => bytes.writeUInt16LE(40, 58))],
    ["more headers than bytes", changed((bytes) => bytes.writeUInt16LE(0xffff, 60))],
    ["no section for names", changed((bytes) => bytes.writeUInt16LE(99, 62))],
    ["an object cut short", isofs.subarray(0, -1)],
    ["no section .modinfo", elfObject({ ".text": "code", ".modinfo2": "name=x\0" })],
  ])("%s", (_, bytes) => {
    expect(() => readModuleInfo(bytes, path)).toThrow(
      `${path} cannot be unpacked: it is not a kernel module`,
    );
  });

  test("a module without a name", () => {
    expect(() => readModuleInfo(kernelModule("depends="), path)).toThrow("has no name");
  });
});

test("nothing but a refusal comes of damage, wherever it is", () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc
      .tuple(fc.nat(isofs.length - 1), fc.uint8Array({ minLength: 1, maxLength: 8 }))
      .map(([position, noise]) =>
        changed((module) => module.set(noise.subarray(0, module.length - position), position)),
      ),
  );
  fc.assert(
    fc.property(bytes, (module) => {
      try {
        expect(readModuleInfo(module, path).name).not.toBe("");
      } catch (error) {
        expect(error).toBeInstanceOf(TsmachineError);
      }
    }),
    { numRuns: 500 },
  );
});
