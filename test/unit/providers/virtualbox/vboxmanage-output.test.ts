import { describe, expect, test } from "vitest";
import { isTransient } from "../../../../src/providers/virtualbox/failure.ts";
import { warningIn, withoutWarning } from "../../../../src/providers/virtualbox/vboxmanage/call.ts";
import { parseFailure } from "../../../../src/providers/virtualbox/vboxmanage/failure.ts";
import {
  parseAdapterNames,
  parseDhcpServers,
  parseInterfaces,
  parseMachineList,
  parseNetworks,
  parseNotes,
} from "../../../../src/providers/virtualbox/vboxmanage/lists.ts";
import {
  parseFolders,
  parseMachine,
  parseSnapshots,
  parseValues,
} from "../../../../src/providers/virtualbox/vboxmanage/machine-readable.ts";
import { recordedOutput } from "../../../support/providers/virtualbox-output.ts";

const uuid = "053268b4-0c50-4372-8c3d-ba3e3caeb5c5";

describe("a machine", () => {
  test("that runs is read with its state, its files and its forwards", () => {
    const machine = parseMachine(uuid, recordedOutput("showvminfo-running.txt"), "C");
    expect(machine).toMatchObject({
      ...{ uuid, name: "c2", state: "running", hasController: true },
      ...{ settingsFile: "/tmp/vm/base/c2/c2.vbox", logFolder: "/tmp/vm/base/c2/Logs" },
      forwards: [
        { name: "docker", hostPort: 42376, guestPort: 2376 },
        { name: "ssh", hostPort: 40022, guestPort: 22 },
      ],
    });
    expect([...machine.media.keys()]).toEqual([0, 1, 2, 3]);
  });

  test("has forwards on other cards too, which are not meant", () => {
    const text = recordedOutput("showvminfo-two-nat-cards.txt");
    expect(parseMachine(uuid, text, "SATA").forwards).toEqual([
      { name: "mine", hostPort: 9000, guestPort: 90 },
    ]);
    const onSecond = text.replace(/^Forwarding\(0\)="mine.*\n/m, "");
    expect(parseMachine(uuid, onSecond, "SATA").forwards).toEqual([]);
  });

  test("has no medium in an empty drive", () => {
    const machine = parseMachine(uuid, recordedOutput("showvminfo-attached.txt"), "SATA");
    for (const path of machine.media.values()) expect(path).toMatch(/^\/.*\.(iso|vdi)$/);
    expect(parseMachine(uuid, recordedOutput("showvminfo-attached.txt"), "IDE").media.size).toBe(0);
  });

  test("may have quotes in its name", () => {
    const text = recordedOutput("showvminfo-name-weird.txt");
    expect(parseMachine(uuid, text, "SATA").name).toBe('x"y');
  });

  test("has the state that comes first: a snapshot's description may look like another", () => {
    expect(parseMachine(uuid, recordedOutput("snapshot-showvminfo.txt"), "SATA").state).toBe(
      "poweroff",
    );
    expect(parseValues('VMState="saved"\nVMState="running"').get("VMState")).toBe("saved");
  });

  test("on Windows has its files at paths with backslashes, which 6.x escapes in some and 7.x in all", () => {
    const text = recordedOutput("6.0-windows-showvminfo.txt", "published");
    const expected = {
      ...{ name: "Xubuntu 22.04", state: "running" },
      settingsFile: "C:\\Users\\jo\\VirtualBox VMs\\Xubuntu 22.04\\Xubuntu 22.04.vbox",
      logFolder: "C:\\Users\\jo\\VirtualBox VMs\\Xubuntu 22.04\\Logs",
      media: new Map([[0, "C:\\Virtual Machines\\xubuntu22.04-3.vdi"]]),
    };
    expect(parseMachine(uuid, text, "SATA")).toMatchObject(expected);
    const as7 = text.replace(/^("\w+-\d-\d"=)(.*)$/gm, (_, key, value) =>
      [key, value.replaceAll("\\", "\\\\")].join(""),
    );
    expect(parseMachine(uuid, as7, "SATA")).toMatchObject(expected);
  });

  test("may have its files on a share, which 6.1 escapes in some places and not in others", () => {
    const text = [
      'CfgFile="\\\\\\\\nas\\\\vms\\\\dev\\\\dev.vbox"',
      'storagecontrollername0="SATA"',
      '"SATA-3-0"="\\\\NAS\\vms\\Dev\\data.vdi"',
    ].join("\n");
    const machine = parseMachine(uuid, text, "SATA");
    expect(machine.settingsFile).toBe("\\\\nas\\vms\\dev\\dev.vbox");
    expect(machine.media.get(3)).toBe("\\\\NAS\\vms\\Dev\\data.vdi");
    expect(parseFolders(text)).toBeUndefined();
    expect(parseFolders(`${text}\nSnapFldr="\\\\\\\\nas\\\\snaps"`)).toMatchObject({
      ...{ settingsFile: machine.settingsFile, snapshotFolder: "\\\\nas\\snaps" },
    });
  });

  test("on macOS is on a network, and its forwards are those of the card before", () => {
    const text = recordedOutput("7.0-macos-showvminfo.txt", "published");
    expect(parseMachine(uuid, text, "SATA")).toMatchObject({
      adapters: ["HostNetwork"],
      forwards: [{ name: "ssh", hostPort: 2222, guestPort: 22 }],
    });
  });

  test("tells its host-only adapters, on macOS its networks, and its shared folders", () => {
    const lines =
      'hostonlyadapter2="vboxnet0"\nhostonly-network3="net"\nSharedFolderNameMachineMapping1="home"';
    expect(parseMachine(uuid, lines, "SATA")).toMatchObject({
      ...{ adapters: ["vboxnet0", "net"], folders: ["home"], state: "unknown" },
    });
  });
});

test("snapshots are read with their UUIDs, also two of one label", () => {
  const labels = parseSnapshots(recordedOutput("snapshot-showvminfo.txt"));
  expect(labels.map(({ label }) => label)).toEqual(["first", "first", "second"]);
  expect(labels[1]?.uuid).toBe("99880698-8e59-4d69-a6b5-56c58c21a183");
  const [first, second] = parseSnapshots(recordedOutput("snapshot-list.txt"));
  expect(first).toMatchObject({ label: "first", parent: undefined, isCurrent: false });
  expect(second).toMatchObject({ label: "second", parent: first?.uuid, isCurrent: true });
});

test("snapshots of a tree are read with those that they go on from", () => {
  const places = ["", "-1", "-1-1", "-2", "-2-10"];
  const lines = places.map((at) => `SnapshotName${at}="x${at}"\nSnapshotUUID${at}="of${at}"`);
  const tree = parseSnapshots([...lines, 'CurrentSnapshotUUID="of-2"'].join("\n"));
  expect(tree.map(({ parent }) => parent)).toEqual([undefined, "of", "of-1", "of", "of-2"]);
  expect(tree.filter(({ isCurrent }) => isCurrent).map(({ uuid }) => uuid)).toEqual(["of-2"]);
});

describe("a list", () => {
  test("of machines has names with quotes and machines that cannot be read", () => {
    expect(parseMachineList(recordedOutput("list-vms-weird.txt")).map(({ name }) => name)).toEqual([
      "a b",
      'x"y',
    ]);
    expect(parseMachineList(recordedOutput("inaccessible-list-vms.txt"))).toEqual([
      { name: "m2renamed", uuid: "0f2b1a50-0000-4000-8000-0000000000aa" },
      { name: undefined, uuid: "4cc1fa10-c913-4d16-b707-326c2a55e8f1" },
    ]);
  });

  test("of host-only interfaces has those with an address", () => {
    expect(parseInterfaces(recordedOutput("list-hostonlyifs-two.txt"))).toEqual([
      { name: "vboxnet0", address: "192.168.57.1", prefixLength: 24 },
      { name: "vboxnet1", address: "192.168.57.2", prefixLength: 24 },
    ]);
    expect(parseInterfaces("")).toEqual([]);
    const bare = recordedOutput("list-hostonlyifs-two.txt").replaceAll("192.168.57.", "0.0.0.");
    expect(parseAdapterNames(bare)).toEqual(["vboxnet0", "vboxnet1"]);
  });

  test("of host-only interfaces on Windows has names with blanks", () => {
    const text = recordedOutput("5.1-windows-list-hostonlyifs.txt", "published");
    expect(parseAdapterNames(text)).toEqual([
      "VirtualBox Host-Only Ethernet Adapter",
      "VirtualBox Host-Only Ethernet Adapter #2",
    ]);
    expect(parseInterfaces(text).map(({ address }) => address)).toEqual([
      "192.168.56.1",
      "192.168.99.1",
    ]);
  });

  test("of macOS's host-only networks gives the host the lowest address", () => {
    expect(parseNetworks(recordedOutput("7.0-macos-list-hostonlynets.txt", "published"))).toEqual([
      { name: "vagrantnet-vbox1", address: "192.168.56.0", prefixLength: 24 },
      { name: "HostNetwork", address: "192.168.57.1", prefixLength: 24 },
    ]);
    expect(parseNetworks("")).toEqual([]);
  });

  test.each([
    ["5.2", "192.168.56.100", "192.168.56.254", false],
    ["6.1", "192.168.56.1", "192.168.56.104", true],
  ])("of DHCP servers as %s writes them", (version, address, highest, isEnabled) => {
    const [first] = parseDhcpServers(
      recordedOutput(`${version}-list-dhcpservers.txt`, "published"),
    );
    expect(first).toEqual({
      ...{ network: "HostInterfaceNetworking-vboxnet0", address, lowest: "192.168.56.101" },
      ...{ highest, isEnabled },
    });
  });

  test("of DHCP servers tells what each gives away", () => {
    expect(parseDhcpServers(recordedOutput("nodriver-list-dhcpservers.txt"))).toEqual([
      {
        ...{ network: "HostInterfaceNetworking-vboxnet0", address: "192.168.56.100" },
        ...{ lowest: "192.168.56.101", highest: "192.168.56.254", isEnabled: true },
      },
    ]);
  });

  test("of notes", () => {
    expect(parseNotes(recordedOutput("getextradata-enumerate.txt"))).toEqual(
      new Map([["VBoxInternal/TM/TSCMode", "RealTSCOffset"]]),
    );
    expect(parseNotes("No value set!\n").size).toBe(0);
  });
});

describe("a failure", () => {
  test.each([
    ["showvminfo-missing-uuid", "0x80bb0001", /^Could not find a registered machine with UUID/],
    ["inaccessible-showvminfo-by-uuid", "0x80070005", /^The object functionality is limited$/],
    ["locked-write-modifyvm", "0x80bb0007", /^The machine 'locked' is already locked/],
    ["createmedium-existing", "0x80bb0004", /VERR_ALREADY_EXISTS/],
    ["controlvm-poweroff-off", undefined, /is not currently running\.$/],
    ["locale-c-createvm", undefined, /^RTR3Init: VERR_NO_TRANSLATION$/],
    ["nodriver-startvm", "0x80004005", /has terminated unexpectedly during startup/],
  ])("%s has its code and its words, without where in the source that was", (name, code, words) => {
    const failure = parseFailure(recordedOutput(`${name}.stderr.txt`));
    expect(failure?.code).toBe(code);
    expect(failure?.message).toMatch(words);
    expect(failure?.message).not.toMatch(/Details:|Context:/);
  });

  test.each([
    ["windows-startvm-vtx-disabled", "0x80004005", /^Not in a hypervisor.*; VT-x is disabled/],
    ["windows-list-server-failed", "0x80080005", /^Failed to create the VirtualBox object!/],
    ["windows-storageattach-going-down", "0x80bb0003", /^Failed to get a console object/],
    ["5.0-macos-natpf-delete-missing", "0x80070057", /^Code NS_ERROR_INVALID_ARG .*[^;]$/],
    ["natpf-name-taken", "0x80070057", /^A NAT rule of this name already exists$/],
  ])("that others have published, %s, has its code and its words", (name, code, words) => {
    const failure = parseFailure(recordedOutput(`${name}.stderr.txt`, "published"));
    expect(failure).toEqual({ code, message: expect.stringMatching(words) });
  });

  test("is told although the command ends with 0", () => {
    expect(parseFailure(recordedOutput("discardstate-off.stderr.txt"))).toBeDefined();
  });

  test("is none where stderr has progress alone", () => {
    expect(parseFailure("0%...10%...100%\n")).toBeUndefined();
  });

  test.each([
    ["VBoxManage: error: The object is not ready", true],
    ["VBoxManage: error: Failed to get a console object from the direct session", true],
    ["VBoxManage: error: Failed to create the VirtualBox object!", true],
    ["VBoxManage: error: Machine 'm1' is not currently running.", false],
  ])("%j may pass by itself: %s", (line, passes) => {
    const failure = parseFailure(line);
    expect(failure && isTransient(failure)).toBe(passes);
  });
});

describe("the warning of a host without the driver", () => {
  const output = recordedOutput("nodriver-warning-list-vms.txt");

  test("is cut off from the answer, and read by itself", () => {
    expect(output).toMatch(/^WARNING: /);
    expect(withoutWarning(output)).not.toMatch(/WARNING|linux-headers|problem is fixed/);
    expect(warningIn(output)).toMatch(
      /^The character device \/dev\/vboxdrv does not exist\..*fixed\.$/,
    );
  });

  test("is also that of packages that are not Debian's", () => {
    const indent = " ".repeat(9);
    const lines = [
      "WARNING: The vboxdrv kernel module is not loaded. Either there is no module",
      `${indent}available for the current kernel (5.4.0) or it failed to`,
      `${indent}load. Please recompile the kernel module and install it by`,
      "",
      `${indent}  sudo /sbin/vboxconfig`,
      "",
      `${indent}You will not be able to start VMs until this problem is fixed.`,
      "7.0.20r163906",
    ];
    expect(withoutWarning(`${lines.join("\n")}\n`)).toBe("7.0.20r163906\n");
  });

  test("leaves other answers as they are", () => {
    expect(withoutWarning("7.2.22r1\n")).toBe("7.2.22r1\n");
    expect(warningIn("7.2.22r1\n")).toBeUndefined();
  });
});
