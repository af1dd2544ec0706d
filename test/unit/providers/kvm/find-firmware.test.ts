import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseDescriptor } from "../../../../src/providers/kvm/firmware/descriptor.ts";
import { findFirmware } from "../../../../src/providers/kvm/firmware/find-firmware.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";

/** As Debian's package ovmf describes its plain one, with changes. */
function descriptor(changes: object = {}, program = "/fw/CODE.fd", variables = "/fw/VARS.fd") {
  return JSON.stringify({
    description: "UEFI firmware for x86_64, without Secure Boot without SMM, with empty varstore",
    "interface-types": ["uefi"],
    mapping: {
      device: "flash",
      executable: { filename: program, format: "raw" },
      "nvram-template": { filename: variables, format: "raw" },
    },
    targets: [{ architecture: "x86_64", machines: ["pc-i440fx-*", "pc-q35-*"] }],
    features: ["acpi-s3", "amd-sev", "verbose-dynamic"],
    tags: [],
    ...changes,
  });
}

describe("a descriptor", () => {
  test("of plain UEFI firmware says which files make it", () => {
    expect(parseDescriptor(descriptor(), "amd64")).toEqual({
      kind: "flash",
      program: { path: "/fw/CODE.fd", format: "raw" },
      variables: { path: "/fw/VARS.fd", format: "raw" },
    });
    const mapping = { device: "memory", filename: "/fw/OVMF.fd" };
    const memory = { kind: "memory", path: "/fw/OVMF.fd" };
    expect(parseDescriptor(descriptor({ mapping }), "amd64")).toEqual(memory);
  });

  const targets = (architecture: string, machine: string) => ({
    targets: [{ architecture, machines: [machine] }],
  });
  test.each([
    { of: "another architecture", text: descriptor(targets("aarch64", "virt-*")) },
    { of: "another machine type", text: descriptor(targets("x86_64", "microvm")) },
    { of: "a BIOS", text: descriptor({ "interface-types": ["bios"] }) },
    { of: "firmware that needs SMM", text: descriptor({ features: ["requires-smm"] }) },
    { of: "firmware that wants signatures", text: descriptor({ features: ["enrolled-keys"] }) },
    { of: "a device nobody knows", text: descriptor({ mapping: { device: "igvm" } }) },
    { of: "nothing at all", text: "{}" },
    { of: "something that is no JSON", text: "" },
  ])("of $of is passed over", ({ text }) => {
    expect(parseDescriptor(text, "amd64")).toBeUndefined();
  });

  test("of arm64 firmware is for machines of type virt", () => {
    const text = descriptor(targets("aarch64", "virt-*"));
    expect(parseDescriptor(text, "arm64")).toMatchObject({ kind: "flash" });
  });
});

describe("the firmware of a host", () => {
  /** Two folders of descriptors, with the files that these name. */
  async function host(...files: { folder: "etc" | "usr"; name: string; text?: string }[]) {
    const root = await temporaryDirectory();
    const descriptorFolders = [join(root, "etc"), join(root, "usr"), join(root, "absent")];
    for (const folder of descriptorFolders.slice(0, 2)) await mkdir(folder);
    for (const { folder, name, text } of files) {
      const base = join(root, folder, name);
      await writeFile(`${base}.code`, "");
      await writeFile(`${base}.vars`, "");
      const described = text ?? descriptor({}, `${base}.code`, `${base}.vars`);
      await writeFile(join(root, folder, `${name}.json`), described);
    }
    const undescribed = { amd64: [join(root, "absent.fd"), join(root, "OVMF.fd")], arm64: [] };
    return { root, places: { descriptorFolders, undescribed } };
  }
  const program = (root: string, path: string) => ({
    program: { path: join(root, `${path}.code`) },
  });

  test("is the first by the descriptors' names, whatever their folders", async () => {
    const { root, places } = await host(
      { folder: "etc", name: "60-b" },
      { folder: "usr", name: "50-a" },
    );
    expect(await findFirmware(places, "amd64")).toMatchObject(program(root, "usr/50-a"));
  });

  test("is not one that the administrator has put another or an empty file over", async () => {
    const { root, places } = await host(
      { folder: "usr", name: "50-a" },
      { folder: "etc", name: "50-a", text: "" },
      { folder: "usr", name: "60-b" },
    );
    expect(await findFirmware(places, "amd64")).toMatchObject(program(root, "usr/60-b"));
  });

  test("is not one whose files are gone", async () => {
    const { root, places } = await host(
      { folder: "usr", name: "50-a" },
      { folder: "usr", name: "60-b" },
    );
    await rm(join(root, "usr/50-a.vars"));
    expect(await findFirmware(places, "amd64")).toMatchObject(program(root, "usr/60-b"));
  });

  test("is a file that no descriptor names, where distributions put it", async () => {
    const { root, places } = await host();
    expect(await findFirmware(places, "amd64")).toBeUndefined();
    await writeFile(join(root, "OVMF.fd"), "");
    expect(await findFirmware(places, "amd64")).toEqual({
      kind: "memory",
      path: join(root, "OVMF.fd"),
    });
  });
});
