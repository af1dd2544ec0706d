import { expect, test } from "vitest";
import { connectionOptions, opensshArguments } from "../../../src/ssh/openssh-arguments.ts";

const target = {
  address: "127.0.0.1",
  port: 2222,
  user: "docker",
  privateKeyPath: "/store/machines/dev/id_rsa",
  knownHostsPath: "/store/machines/dev/known_hosts",
};

test("the machine's key and host key are the only ones, and the user's configuration is left out", () => {
  expect(connectionOptions(target)).toEqual([
    ..."-F none".split(" "),
    ...["-o", 'IdentityFile="/store/machines/dev/id_rsa"'],
    ...["-o", "IdentitiesOnly=yes"],
    ...["-o", "PreferredAuthentications=publickey"],
    ...["-o", 'UserKnownHostsFile="/store/machines/dev/known_hosts"'],
    ...["-o", "GlobalKnownHostsFile=none"],
    ...["-o", "StrictHostKeyChecking=yes"],
    ...["-o", "UpdateHostKeys=no"],
    ...["-o", "ConnectTimeout=10"],
    ...["-o", "ServerAliveInterval=15"],
    ...["-o", "LogLevel=ERROR"],
  ]);
});

test.each([
  { title: "a login shell", given: {}, end: ["docker@127.0.0.1"] },
  {
    title: "options before the address and the command after it, where nothing is an option",
    given: { options: ["-t", "-L", "8080:localhost:80"], command: ["-lah", "/"] },
    end: ["-t", "-L", "8080:localhost:80", "docker@127.0.0.1", "--", "-lah", "/"],
  },
])("ssh is asked for $title", ({ given, end }) => {
  expect(opensshArguments(target, given)).toEqual([
    ...connectionOptions(target),
    "-p",
    "2222",
    ...end,
  ]);
});

test.each([
  ["/home/a user/id", '"/home/a user/id"'],
  ["/home/100%/id", '"/home/100%%/id"'],
  ['C:\\Users\\"A"\\id', '"C:\\\\Users\\\\\\"A\\"\\\\id"'],
])("the path %s is protected from ssh's own expansion", (privateKeyPath, quoted) => {
  expect(connectionOptions({ ...target, privateKeyPath })).toContain(`IdentityFile=${quoted}`);
});
