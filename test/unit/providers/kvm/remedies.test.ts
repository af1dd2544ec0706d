import { expect, test } from "vitest";
import {
  installQemuRemedy,
  newerQemuRemedy,
  wholeQemuRemedy,
} from "../../../../src/providers/kvm/preflight/remedies.ts";

const linux = (version: string, ...families: string[]) =>
  ({ platform: "linux", families, version }) as const;

test.each([
  { system: linux("13", "debian"), command: "sudo apt-get install qemu-system-x86" },
  {
    system: linux("12", "debian"),
    command: "apt-get install -t bookworm-backports qemu-system-x86",
  },
  { system: linux("24.04", "ubuntu", "debian"), command: "sudo apt-get install qemu-system-x86" },
  { system: linux("22", "linuxmint", "ubuntu", "debian"), command: "sudo apt-get install" },
  { system: linux("42", "fedora"), command: "sudo dnf install qemu-system-x86" },
  {
    system: linux("9.4", "rocky", "rhel", "centos", "fedora"),
    command: "sudo dnf install qemu-kvm",
  },
  { system: linux("", "arch"), command: "sudo pacman -S qemu-system-x86" },
  {
    system: linux("15.6", "opensuse-leap", "suse", "opensuse"),
    command: "sudo zypper install qemu-x86",
  },
  { system: linux("3.21", "alpine"), command: "sudo apk add qemu-system-x86_64" },
  { system: linux("", "plan9"), command: "install QEMU 8.2 or newer (qemu-system-x86_64)" },
  {
    system: { platform: "darwin", families: [], version: "" } as const,
    command: "brew install qemu",
  },
  {
    system: { platform: "win32", families: [], version: "" } as const,
    command: "winget install --exact --id SoftwareFreedomConservancy.QEMU",
  },
])("QEMU is installed with '$command' on $system", ({ system, command }) => {
  expect(installQemuRemedy(system, "amd64")).toContain(command);
});

test("the package for arm64 is another one", () => {
  expect(installQemuRemedy(linux("13", "debian"), "arm64")).toContain("qemu-system-arm");
  expect(installQemuRemedy(linux("", "arch"), "arm64")).toContain("qemu-system-aarch64");
});

test.each([
  { system: linux("12", "debian"), remedy: "bookworm-backports" },
  { system: linux("22.04", "ubuntu", "debian"), remedy: "Ubuntu 24.04" },
  { system: linux("13", "debian"), remedy: "update QEMU to 8.2 or newer with" },
  { system: linux("", "plan9"), remedy: "put it first on PATH" },
])("an old QEMU is replaced by way of '$remedy' on $system", ({ system, remedy }) => {
  expect(newerQemuRemedy(system, "amd64")).toContain(remedy);
});

test.each([
  { system: linux("13", "debian"), remedy: "install your system's own QEMU" },
  { system: linux("", "plan9"), remedy: "-accel help" },
])("a QEMU without the accelerator is replaced by way of '$remedy' on $system", (row) => {
  expect(wholeQemuRemedy(row.system, "amd64")).toContain(row.remedy);
});
