import { describe, expect, test } from "vitest";
import type { Hardware } from "../../../../src/providers/virtualbox/control.ts";
import { powerOfState } from "../../../../src/providers/virtualbox/machine/power.ts";
import {
  hardwareArguments,
  withHostOnlyNetwork,
} from "../../../../src/providers/virtualbox/vboxmanage/arguments.ts";
import { installedPaths } from "../../../../src/providers/virtualbox/vboxmanage/find-vboxmanage.ts";

const hardware: Hardware = {
  ...{ memoryMiB: 1024, cpuCount: 2, consoleLog: "/m/console.log" },
  nat: { type: "virtio", mac: "08:00:27:0a:0b:0c", hasDnsProxy: true, hasHostResolver: false },
  hostOnly: {
    ...{ adapter: "vboxnet0", type: "82540EM", mac: "08:00:27:0d:0e:0f", promiscuous: "deny" },
  },
};

describe("a machine's hardware", () => {
  const words = hardwareArguments(hardware, 7).join(" ");

  test.each([
    "--memory 1024 --cpus 2",
    "--rtcuseutc on",
    "--uart1 0x3f8 4 --uartmode1 file /m/console.log",
    "--nic1 nat --nictype1 virtio --macaddress1 0800270A0B0C",
    "--natdnsproxy1 on --natdnshostresolver1 off",
    "--nic2 hostonly --hostonlyadapter2 vboxnet0 --nictype2 82540EM --nicpromisc2 deny --macaddress2 0800270D0E0F",
  ])("has %s", (part) => {
    expect(words).toContain(part);
  });

  test.each([
    [6, false],
    [7, true],
    [8, true],
  ])("lets guests reach the host's loopback, which %i says: %s", (majorVersion, says) => {
    const args = hardwareArguments(hardware, majorVersion).join(" ");
    expect(args.includes("--nat-localhostreachable1 on --nic2 hostonly")).toBe(says);
    expect(args.includes("localhost")).toBe(says);
  });

  test("without a host-only card takes one away that was there", () => {
    const args = hardwareArguments({ ...hardware, hostOnly: undefined }, 7);
    expect(args.join(" ")).toMatch(/--nic2 none$/);
  });

  test("on macOS is on a network in place of an adapter, whatever that is called", () => {
    const hostOnly = { ...hardware.hostOnly, adapter: "hostonly" };
    const args = hardwareArguments({ ...hardware, hostOnly: hostOnly as Hardware["hostOnly"] }, 7);
    expect(withHostOnlyNetwork(args).join(" ")).toContain(
      "--nic2 hostonlynet --host-only-net2 hostonly ",
    );
  });
});

test.each([
  ["poweroff", "stopped"],
  ["aborted", "stopped"],
  ["running", "running"],
  ["paused", "paused"],
  ["saved", "suspended"],
  ["aborted-saved", "suspended"],
  ["starting", "starting"],
  ["saving", "stopping"],
  ["gurumeditation", "crashed"],
  ["inaccessible", "unknown"],
])("VirtualBox's %s is %s", (state, power) => {
  expect(powerOfState(state)).toBe(power);
});

test("on Windows VBoxManage is where the installer says", () => {
  const environment = { VBOX_MSI_INSTALL_PATH: "D:\\VBox\\", ProgramFiles: "C:\\Programme" };
  expect(installedPaths({ platform: "win32", environment })).toEqual([
    "D:\\VBox\\VBoxManage.exe",
    "C:\\Programme\\Oracle\\VirtualBox\\VBoxManage.exe",
  ]);
});
