import { describe, expect, test } from "vitest";
import {
  type AcceleratorChoice,
  type AcceleratorEvidence,
  chooseAccelerator,
} from "../../../../src/providers/kvm/preflight/accelerator.ts";

const debian = (version: string) => ({ platform: "linux", families: ["debian"], version }) as const;

const goodHost: AcceleratorEvidence = {
  operatingSystem: debian("13"),
  hostArchitecture: "amd64",
  guestArchitecture: "amd64",
  kvmDevice: "opens",
  hasVirtualizationFlag: true,
  qemuAccelerators: ["tcg", "kvm"],
  qemuVersion: { major: 10, minor: 0, text: "10.0.2" },
};

const mac: Partial<AcceleratorEvidence> = {
  operatingSystem: { platform: "darwin", families: [], version: "" },
  kvmDevice: "absent",
  qemuAccelerators: ["tcg", "hvf"],
};
const windows: Partial<AcceleratorEvidence> = {
  operatingSystem: { platform: "win32", families: [], version: "" },
  kvmDevice: "absent",
  qemuAccelerators: ["tcg", "whpx"],
};

function brief(choice: AcceleratorChoice): string {
  return choice.kind === "refuse" ? choice.code : choice.accelerator;
}

describe("an accelerator is chosen by evidence", () => {
  test.each<{ given: string; seen: Partial<AcceleratorEvidence>; chosen: string }>([
    { given: "a device that opens and a CPU with the flag", seen: {}, chosen: "kvm" },
    {
      given: "no flag, whatever the device does",
      seen: { hasVirtualizationFlag: false },
      chosen: "tcg",
    },
    { given: "a device that may not be opened", seen: { kvmDevice: "denied" }, chosen: "tcg" },
    { given: "no device", seen: { kvmDevice: "absent" }, chosen: "tcg" },
    { given: "a QEMU without kvm", seen: { qemuAccelerators: ["tcg"] }, chosen: "tcg" },
    { given: "a foreign guest", seen: { guestArchitecture: "arm64" }, chosen: "tcg" },
    {
      given: "arm64, where KVM has no CPU flag",
      seen: {
        hostArchitecture: "arm64",
        guestArchitecture: "arm64",
        hasVirtualizationFlag: false,
      },
      chosen: "kvm",
    },
    { given: "macOS", seen: mac, chosen: "hvf" },
    {
      given: "macOS with a QEMU without hvf",
      seen: { ...mac, qemuAccelerators: ["tcg"] },
      chosen: "tcg",
    },
    { given: "Windows", seen: windows, chosen: "whpx" },
  ])("$chosen on $given", ({ seen, chosen }) => {
    expect(brief(chooseAccelerator({ ...goodHost, ...seen }, "auto"))).toBe(chosen);
  });

  test("hardware acceleration needs no note", () => {
    expect(chooseAccelerator(goodHost, "auto")).toEqual({ kind: "use", accelerator: "kvm" });
  });

  test.each<{ given: string; seen: Partial<AcceleratorEvidence>; says: string }>([
    {
      given: "permission is missing",
      seen: { kvmDevice: "denied" },
      says: "add yourself to group kvm with `sudo usermod -aG kvm $USER`, then log in again",
    },
    {
      given: "the CPU shows no flag",
      seen: { hasVirtualizationFlag: false },
      says: "neither svm nor vmx",
    },
    { given: "there is no device", seen: { kvmDevice: "absent" }, says: "sudo modprobe kvm_amd" },
    {
      given: "QEMU lacks kvm",
      seen: { qemuAccelerators: ["tcg"] },
      says: "sudo apt-get install qemu-system-x86",
    },
    {
      given: "the guest is foreign",
      seen: { guestArchitecture: "arm64" },
      says: "architecture amd64",
    },
  ])("emulation says in one line why and what to do when $given", ({ seen, says }) => {
    const choice = chooseAccelerator({ ...goodHost, ...seen }, "auto");
    const note = choice.kind === "use" ? (choice.note ?? "") : "";
    expect(note).toContain("emulated in software");
    expect(note).toContain(says);
    expect(note).not.toContain("\n");
  });
});

describe("an accelerator that is asked for is used or refused", () => {
  test("emulation by choice needs no note", () => {
    expect(chooseAccelerator(goodHost, "tcg")).toEqual({ kind: "use", accelerator: "tcg" });
  });

  test("kvm by choice is used where it works", () => {
    expect(brief(chooseAccelerator(goodHost, "kvm"))).toBe("kvm");
  });

  test.each<{ asked: "kvm" | "hvf" | "whpx"; seen: Partial<AcceleratorEvidence> }>([
    { asked: "kvm", seen: { kvmDevice: "denied" } },
    { asked: "kvm", seen: { hasVirtualizationFlag: false } },
    { asked: "kvm", seen: mac },
    { asked: "hvf", seen: {} },
    { asked: "whpx", seen: {} },
  ])("$asked is refused with what to do, as the host has $seen", ({ asked, seen }) => {
    expect(chooseAccelerator({ ...goodHost, ...seen }, asked)).toMatchObject({
      kind: "refuse",
      code: "ACCELERATOR_UNAVAILABLE",
      problem: expect.stringContaining(`accelerator ${asked} cannot be used`),
      hint: expect.stringContaining("`--kvm-accel tcg`"),
    });
  });
});

describe("emulation needs a QEMU that does not corrupt the guest's memory", () => {
  const slowHost = { ...goodHost, kvmDevice: "denied" } as const;

  test.each([
    { major: 7, minor: 2, is: "QEMU_TOO_OLD" },
    { major: 8, minor: 1, is: "QEMU_TOO_OLD" },
    { major: 8, minor: 2, is: "tcg" },
    { major: 9, minor: 0, is: "tcg" },
    { major: 10, minor: 0, is: "tcg" },
  ])("$major.$minor gives $is", ({ major, minor, is }) => {
    const qemuVersion = { major, minor, text: `${major}.${minor}.0` };
    expect(brief(chooseAccelerator({ ...slowHost, qemuVersion }, "auto"))).toBe(is);
    expect(brief(chooseAccelerator({ ...slowHost, qemuVersion }, "tcg"))).toBe(is);
  });

  test("an old one is good enough for kvm", () => {
    const qemuVersion = { major: 7, minor: 2, text: "7.2.17" };
    expect(brief(chooseAccelerator({ ...goodHost, qemuVersion }, "auto"))).toBe("kvm");
  });

  test("on Debian 12 the remedy is the backports suite", () => {
    const qemuVersion = { major: 7, minor: 2, text: "7.2.17" };
    const evidence = { ...slowHost, qemuVersion, operatingSystem: debian("12") };
    expect(chooseAccelerator(evidence, "auto")).toMatchObject({
      problem: expect.stringContaining("permission to open /dev/kvm was denied"),
      hint: expect.stringContaining("apt-get install -t bookworm-backports qemu-system-x86"),
    });
  });
});
