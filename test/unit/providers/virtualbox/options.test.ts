import { describe, expect, test } from "vitest";
import { foldersFor } from "../../../../src/providers/virtualbox/folders.ts";
import {
  parseShareFolder,
  parseVirtualBoxOptions,
} from "../../../../src/providers/virtualbox/options.ts";

const host = { totalMemoryMiB: 3000, availableMemoryMiB: 2000, cpuCount: 1 };

test("what is not asked for suits the host", () => {
  expect(parseVirtualBoxOptions({}, host)).toMatchObject({
    ...{ memoryMiB: 1500, cpuCount: 1, diskSizeMiB: 20_000, uiType: "headless" },
    ...{ network: "hostonly", hostOnlyCidr: "192.168.56.1/24", natNicType: "virtio" },
  });
});

test.each([
  [{ memoryMiB: 4096 }, "--virtualbox-memory: this host has only 3000 MiB of memory"],
  [{ cpuCount: 0 }, /^--virtualbox-cpu-count: /],
  [{ hostOnlyCidr: "192.168.56.1" }, /^--virtualbox-hostonly-cidr: is no IPv4 address/],
  [{ hostOnlyCidr: "192.168.56.1/31" }, /^--virtualbox-hostonly-cidr: /],
  [
    { hostOnlyCidr: "192.168.56.0/24" },
    /^--virtualbox-hostonly-cidr: is no IPv4 address of a host/,
  ],
  [{ hostOnlyCidr: "192.168.56.255/24" }, /^--virtualbox-hostonly-cidr: /],
  [{ hostOnlyCidr: "192.168.56.1/0" }, /^--virtualbox-hostonly-cidr: .* from 8 to 29/],
  [{ cpuCount: -2 }, /^--virtualbox-cpu-count: /],
  [{ hostOnlyNicType: "ne2000" }, /^--virtualbox-hostonly-nictype: /],
  [
    { noShare: true, shareFolder: ["/a:b"] },
    "--virtualbox-no-share: folders to share are given too",
  ],
])("%j is refused by the flag's name", (options, message) => {
  expect(() => parseVirtualBoxOptions(options, host)).toThrow(message);
});

test("-1 processors are all that the host has, and VirtualBox can give", () => {
  expect(parseVirtualBoxOptions({ cpuCount: "-1" }, host)).toMatchObject({ cpuCount: 1 });
  const large = { ...host, cpuCount: 96 };
  expect(parseVirtualBoxOptions({ cpuCount: -1 }, large)).toMatchObject({ cpuCount: 64 });
});

test("any other address of a network is the host's to have", () => {
  const given = { hostOnlyCidr: "10.255.255.254/8" };
  expect(parseVirtualBoxOptions(given, host)).toMatchObject(given);
});

const linux = { platform: "linux", home: "/home/jo" } as const;

describe("a folder to share", () => {
  test.each([
    ["/srv/code:code", { tag: "code", path: "/srv/code", mountPoint: "/code" }],
    ["/srv/a:b:c/Users", { tag: "c-Users", path: "/srv/a:b", mountPoint: "/c/Users" }],
  ])("%s", (text, folder) => {
    expect(parseShareFolder(text)).toEqual(folder);
  });

  test.each(["/srv/code", "/srv/code:", ":name", "/srv/code:two words"])(
    '"%s" is refused',
    (text) => {
      expect(() => parseShareFolder(text)).toThrow(`"${text}" is not FOLDER:NAME`);
    },
  );

  test.each([
    ["/a:etc", "/etc"],
    ["/a:usr/local", "/usr/local"],
    ["/a:..", "/"],
    ["/a:x/../etc", "/etc"],
  ])('"%s", which would be at %s of the guest, is refused', (text, place) => {
    expect(() => parseShareFolder(text)).toThrow(
      `--virtualbox-share-folder: "${text}" would hide ${place} of the guest`,
    );
  });

  test.each([
    [["/a:x", "/b:x"], "x"],
    [["/a:x/y", "/b:x-y"], "x-y"],
    [["/a:x", "/b:x/"], "x"],
  ])("%j are refused, as both would have one name", (shareFolder, name) => {
    expect(() => foldersFor({ noShare: undefined, shareFolder }, linux)).toThrow(
      `--virtualbox-share-folder: two folders would have the name "${name}"`,
    );
  });
});

describe("without being asked", () => {
  test.each([
    ["linux", "/home/jo", [{ tag: "home", path: "/home/jo", mountPoint: "/home/jo" }]],
    ["linux", "/root", []],
    ["linux", "/home/docker", []],
    ["darwin", "/Users/jo", [{ tag: "Users", path: "/Users", mountPoint: "/Users" }]],
    ["win32", "C:\\Users\\Jo Döe", [{ tag: "c/Users", path: "C:\\Users", mountPoint: "/c/Users" }]],
  ] as const)("%s shares of the home folder %s: %j", (platform, home, folders) => {
    expect(foldersFor({ noShare: undefined, shareFolder: undefined }, { platform, home })).toEqual(
      folders,
    );
  });

  test("nothing is shared when that is asked for", () => {
    const asked = { noShare: true, shareFolder: undefined };
    expect(foldersFor(asked, linux)).toEqual([]);
  });
});
