import { describe, expect, test } from "vitest";
import { orderShares, parseShare } from "../../../../src/core/sharing/parse-share.ts";

const onLinux = { platform: "linux", workingDirectory: "/home/ann/work" } as const;
const onWindows = { platform: "win32", workingDirectory: "C:\\Users\\ann" } as const;

test.each([
  ["/srv/site", { path: "/srv/site", mountPoint: "/srv/site", isReadOnly: false }],
  ["/srv/site:/site", { path: "/srv/site", mountPoint: "/site", isReadOnly: false }],
  ["/srv/site:/site:ro", { path: "/srv/site", mountPoint: "/site", isReadOnly: true }],
  ["/srv/site:/site/:rw", { path: "/srv/site", mountPoint: "/site", isReadOnly: false }],
  ["/srv/site:ro", { path: "/srv/site", mountPoint: "/srv/site", isReadOnly: true }],
  [".", { path: "/home/ann/work", mountPoint: "/home/ann/work", isReadOnly: false }],
  ["../data:/data", { path: "/home/ann/data", mountPoint: "/data", isReadOnly: false }],
  ["/usr/local/src:/src", { path: "/usr/local/src", mountPoint: "/src", isReadOnly: false }],
  ["/my, files:/a b", { path: "/my, files", mountPoint: "/a b", isReadOnly: false }],
])("%s", (text, expected) => {
  expect(parseShare(text, onLinux)).toEqual(expected);
});

test.each([
  ["C:\\src:/src", { path: "C:\\src", mountPoint: "/src", isReadOnly: false }],
  ["C:\\src:ro", { path: "C:\\src", mountPoint: "/c/src", isReadOnly: true }],
  ["work", { path: "C:\\Users\\ann\\work", mountPoint: "/c/Users/ann/work", isReadOnly: false }],
])("%s on Windows", (text, expected) => {
  expect(parseShare(text, onWindows)).toEqual(expected);
});

describe("refused", () => {
  test.each([
    ["", "is not FOLDER[:GUEST][:ro]"],
    [":/site", "is not FOLDER[:GUEST][:ro]"],
    ["/a:/b:/c", "is not FOLDER[:GUEST][:ro]"],
    ["/a:b", "names no absolute path of the guest: b"],
    ["/a:/b\n", "has a control character"],
    ["/a:/", "would hide / of the guest"],
    ["/a:/x/../etc/docker", "would hide /etc/docker of the guest"],
    ["/a:/var/lib/docker/volumes", "would hide /var/lib/docker/volumes of the guest"],
    ["/:/host", "belongs to this host's system"],
    ["/etc:/settings", "belongs to this host's system"],
    ["/home/../usr/bin:/programs", "belongs to this host's system"],
  ])("%j", (text, problem) => {
    expect(() => parseShare(text, onLinux)).toThrow(problem);
  });

  test("a system's folder of Windows", () => {
    expect(() => parseShare("C:\\Windows\\System32:/x", onWindows)).toThrow("this host's system");
  });
});

const folder = (mountPoint: string) => ({ path: "/a", mountPoint, isReadOnly: false });

test("folders within folders are mounted after them", () => {
  const ordered = orderShares(["/a/b/c", "/z", "/a"].map(folder));
  expect(ordered.map(({ mountPoint }) => mountPoint)).toEqual(["/z", "/a", "/a/b/c"]);
});

test("two folders at one place are refused", () => {
  expect(() => orderShares(["/a", "/b", "/a"].map(folder))).toThrow("two folders would be at /a");
});
