import { describe, expect, test } from "vitest";
import { qemuArguments } from "../../../../src/providers/kvm/process/qemu-arguments.ts";
import { sampleMachine } from "./sample-record.ts";

const onLinux = { accelerator: "tcg", firmware: undefined, platform: "linux" } as const;

/** The value right after each occurrence of the flag. */
function valuesOf(args: string[], flag: string): string[] {
  return args.flatMap((arg, index) => (arg === flag ? [args[index + 1] ?? ""] : []));
}

test("a machine that boots directly has this command line", () => {
  expect(qemuArguments(sampleMachine, onLinux)).toEqual([
    ...["-name", "tsmachine-default"],
    ...["-uuid", "6f1ed002-ab5c-4e0e-8b58-7f4d1b1f2f10"],
    ...["-nodefaults", "-no-user-config"],
    ...["-display", "none"],
    ...["-machine", "q35"],
    ...["-accel", "tcg"],
    ...["-cpu", "max"],
    ...["-smp", "2"],
    ...["-m", "2048M"],
    ...["-rtc", "base=utc"],
    ...["-qmp", "unix:qmp.sock,server=on,wait=off"],
    ...["-pidfile", "/machines/default/qemu.pid"],
    ...["-chardev", "file,id=console,path=console.log,append=on"],
    ...["-serial", "chardev:console"],
    ...["-device", "pvpanic-pci"],
    ...["-action", "panic=exit-failure"],
    "-sandbox",
    "on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny",
    ...["-kernel", "/cache/kernel"],
    ...["-initrd", "/cache/initramfs"],
    ...["-append", "console=ttyS0 quiet"],
    "-blockdev",
    '{"driver":"raw","node-name":"data","discard":"unmap","detect-zeroes":"unmap","file":{"driver":"file","filename":"data.raw","discard":"unmap"}}',
    ...["-device", "virtio-blk-pci,drive=data,serial=data"],
    "-blockdev",
    '{"driver":"raw","node-name":"engine","read-only":true,"file":{"driver":"file","filename":"/cache/engine, 26.1"}}',
    ...["-device", "virtio-blk-pci,drive=engine,serial=engine"],
    "-blockdev",
    '{"driver":"raw","node-name":"seed","read-only":true,"file":{"driver":"file","filename":"/machines/default/seed"}}',
    ...["-device", "virtio-blk-pci,drive=seed,serial=seed"],
    "-netdev",
    "user,id=network,hostfwd=tcp:127.0.0.1:40001-:22,hostfwd=tcp:127.0.0.1:40002-:2376",
    ...["-device", "virtio-net-pci,netdev=network,romfile="],
    ...["-device", "virtio-rng-pci"],
  ]);
});

describe("what differs", () => {
  test("booting the ISO attaches it first in the firmware's order and names no kernel", () => {
    const args = qemuArguments({ ...sampleMachine, boot: "iso" }, onLinux);
    expect(args).not.toContain("-kernel");
    expect(args).not.toContain("-append");
    expect(valuesOf(args, "-device")).toContain("ide-cd,bus=ide.0,drive=iso,bootindex=0");
    expect(valuesOf(args, "-blockdev")[0]).toBe(
      '{"driver":"raw","node-name":"iso","read-only":true,"file":{"driver":"file","filename":"/cache/boot.iso"}}',
    );
  });

  test("an arm64 machine is of type virt, and its ISO is on a SCSI bus", () => {
    const arm = { ...sampleMachine, architecture: "arm64", boot: "iso" } as const;
    const firmware = { kind: "memory", path: "/fw/QEMU_EFI.fd" } as const;
    const args = qemuArguments(arm, { ...onLinux, firmware });
    expect(valuesOf(args, "-machine")).toEqual(["virt"]);
    expect(valuesOf(args, "-cpu")).toEqual(["max,pauth-impdef=on"]);
    expect(valuesOf(args, "-bios")).toEqual(["/fw/QEMU_EFI.fd"]);
    expect(valuesOf(args, "-device")).toContain("scsi-cd,bus=scsi.0,drive=iso,bootindex=0");
  });

  test("an arm64 machine alone has a keyboard, whose power key shuts it down", () => {
    const arm = { ...sampleMachine, architecture: "arm64" } as const;
    const keyboard = "virtio-keyboard-pci";
    expect(valuesOf(qemuArguments(arm, onLinux), "-device")).toContain(keyboard);
    expect(valuesOf(qemuArguments(sampleMachine, onLinux), "-device")).not.toContain(keyboard);
  });

  test("a boot ISO that was written to a disk is offered first, and cannot be written", () => {
    const args = qemuArguments({ ...sampleMachine, boot: "disk" }, onLinux);
    expect(args).not.toContain("-kernel");
    expect(valuesOf(args, "-device")).toContain("virtio-blk-pci,drive=iso,bootindex=0");
    expect(valuesOf(args, "-blockdev")[0]).toContain('"node-name":"iso","read-only":true');
  });

  test("firmware in flash chips is shared, and has variables in the machine's own folder", () => {
    const firmware = {
      kind: "flash",
      program: { path: "/fw/CODE, 4M.fd", format: "raw" },
      variables: { path: "/fw/VARS.qcow2", format: "qcow2" },
    } as const;
    const args = qemuArguments(sampleMachine, { ...onLinux, firmware });
    expect(valuesOf(args, "-machine")).toEqual(["q35", "pflash0=firmware,pflash1=variables"]);
    const [program, variables] = valuesOf(args, "-blockdev");
    expect(program).toBe(
      '{"driver":"raw","node-name":"firmware","read-only":true,"file":{"driver":"file","filename":"/fw/CODE, 4M.fd"}}',
    );
    expect(variables).toContain('{"driver":"qcow2","node-name":"variables",');
    expect(variables).toContain('"filename":"uefi-variables.img"');
  });

  test.each([
    { accelerator: "kvm", cpu: "host" },
    { accelerator: "hvf", cpu: "host" },
    { accelerator: "whpx", cpu: "max" },
    { accelerator: "tcg", cpu: "max" },
  ] as const)("$accelerator shows the guest CPU model $cpu", ({ accelerator, cpu }) => {
    const args = qemuArguments(sampleMachine, { ...onLinux, accelerator });
    expect(valuesOf(args, "-accel")).toEqual([accelerator]);
    expect(valuesOf(args, "-cpu")).toEqual([cpu]);
  });

  test("on Windows the control socket is a port of 127.0.0.1, and there is no seccomp", () => {
    const ports = { ...sampleMachine.ports, qmp: 40_003 };
    const args = qemuArguments(
      { ...sampleMachine, ports },
      { ...onLinux, accelerator: "whpx", platform: "win32" },
    );
    expect(valuesOf(args, "-qmp")).toEqual(["tcp:127.0.0.1:40003,server=on,wait=off"]);
    expect(args).not.toContain("-sandbox");
  });

  test("a comma in the name is not taken for the next setting", () => {
    const args = qemuArguments({ ...sampleMachine, name: "a,process=b" }, onLinux);
    expect(valuesOf(args, "-name")).toEqual(["tsmachine-a,,process=b"]);
  });

  test("the guest is told the domains that names are looked for in", () => {
    const domains = { ...onLinux, searchDomains: ["a.example", "b.example"] };
    const [netdev] = valuesOf(qemuArguments(sampleMachine, domains), "-netdev");
    expect(netdev).toMatch(/,dnssearch=a\.example,dnssearch=b\.example$/);
  });

  test("every forward is bound to 127.0.0.1 alone", () => {
    const [netdev = ""] = valuesOf(qemuArguments(sampleMachine, onLinux), "-netdev");
    const forwards = netdev.split(",").filter((part) => part.startsWith("hostfwd="));
    expect(forwards).toHaveLength(2);
    for (const forward of forwards) expect(forward).toMatch(/^hostfwd=tcp:127\.0\.0\.1:/);
  });
});
