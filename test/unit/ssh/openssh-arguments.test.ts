import { expect, test } from "vitest";
import {
  connectionOptions,
  connectionSettings,
  opensshArguments,
  opensshConfig,
} from "../../../src/ssh/openssh-arguments.ts";
import { reportingSignals } from "../../../src/ssh/remote-command.ts";

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
    end: [
      ...["-t", "-L", "8080:localhost:80", "docker@127.0.0.1", "--"],
      reportingSignals("-lah /"),
    ],
  },
  {
    title: "a subsystem by its bare name",
    given: { options: ["-vs"], command: ["sftp"] },
    end: ["-vs", "docker@127.0.0.1", "--", "sftp"],
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

test("a configuration file has a section for each machine, under its name", () => {
  const other = { ...target, port: 2223, user: "root" };
  const targets = new Map([
    ["dev", target],
    ["ci.2", other],
  ]);
  const settings = (of: typeof target) => connectionSettings(of).map((setting) => `  ${setting}`);
  expect(opensshConfig(targets).split("\n")).toEqual([
    ...[
      "Host dev",
      "  HostName=127.0.0.1",
      "  Port=2222",
      "  User=docker",
      ...settings(target),
      "",
    ],
    ...["Host ci.2", "  HostName=127.0.0.1", "  Port=2223", "  User=root", ...settings(other), ""],
  ]);
});
