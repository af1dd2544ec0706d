import { expect, test } from "vitest";
import { type ProgramCopy, rsyncArguments, scpArguments } from "../../../src/ssh/copy-arguments.ts";
import { connectionSettings } from "../../../src/ssh/openssh-arguments.ts";
import { sshfsArguments } from "../../../src/ssh/sshfs-arguments.ts";

const copy: ProgramCopy = {
  configPath: "/tmp/c/config",
  from: { machine: undefined, user: undefined, path: "a file" },
  to: { machine: "dev", user: undefined, path: "/srv" },
  recursive: false,
  progress: "shown",
};

test.each([
  { title: "this host to a machine", change: {}, args: ["-3", "--", "./a file", "dev:/srv"] },
  {
    title: "a machine to this host, as another user",
    change: {
      from: { machine: "dev", user: "root", path: "." },
      to: { machine: undefined, user: undefined, path: "/tmp" },
    },
    args: ["-3", "--", "root@dev:.", "/tmp"],
  },
  {
    title: "folders, without progress",
    change: { recursive: true, progress: "silent" as const },
    args: ["-3", "-r", "-q", "--", "./a file", "dev:/srv"],
  },
  {
    title: "a file whose name looks like an option or a machine",
    change: { from: { machine: undefined, user: undefined, path: "-o:x" } },
    args: ["-3", "--", "./-o:x", "dev:/srv"],
  },
])("scp is asked to copy $title", ({ change, args }) => {
  expect(scpArguments({ ...copy, ...change })).toEqual(["-F", "/tmp/c/config", ...args]);
});

test("rsync is asked to go through ssh and to follow links, as scp does", () => {
  expect(rsyncArguments({ ...copy, recursive: true, progress: "silent" })).toEqual([
    ...["-e", 'ssh -F "/tmp/c/config"', "--copy-links", "-r", "-q"],
    ...["--", "./a file", "dev:/srv"],
  ]);
  expect(rsyncArguments(copy)).toContain("--progress");
});

test("a path in rsync's remote shell may have blanks and quotes", () => {
  expect(rsyncArguments({ ...copy, configPath: '/a "b" c' })).toContain('ssh -F "/a ""b"" c"');
});

const target = {
  ...{ address: "127.0.0.1", port: 2222, user: "docker" },
  ...{ privateKeyPath: "/my, own/id_rsa", knownHostsPath: "/my/known_hosts" },
};

test("sshfs is handed ssh's settings, with what fuse would split them at escaped", () => {
  const args = sshfsArguments(target, "/srv", "here");
  expect(args.slice(0, 4)).toEqual(["-F", "none", "-p", "2222"]);
  expect(args).toContain('IdentityFile="/my\\, own/id_rsa"');
  expect(args.filter((arg) => arg === "-o")).toHaveLength(connectionSettings(target).length);
  expect(args.slice(-2)).toEqual(["docker@127.0.0.1:/srv", "./here"]);
});

test("an IPv6 address is in brackets before a path", () => {
  expect(sshfsArguments({ ...target, address: "::1" }, "/srv", "/mnt").slice(-2)).toEqual([
    "docker@[::1]:/srv",
    "/mnt",
  ]);
});
