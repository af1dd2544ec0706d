import { describe, expect, test } from "vitest";
import { daemonConfiguration } from "../../../../src/core/engine/daemon-configuration.ts";
import type { MachineRecord } from "../../../../src/store/record.ts";

const empty = {
  ...{ labels: [], registryMirrors: [], insecureRegistries: [], environment: {} },
  arbitraryFlags: [],
};
const configurationOf = (engine?: Partial<MachineRecord["engine"]>) =>
  daemonConfiguration({ provider: { id: "kvm" }, engine: { ...empty, ...engine } });
const withFlags = (...arbitraryFlags: string[]) => configurationOf({ arbitraryFlags });

/** What no user can change: the guest and the clients rely on it. */
const access = {
  hosts: ["unix:///var/run/docker.sock", "tcp://0.0.0.0:2376"],
  tlsverify: true,
  tlscacert: "/etc/docker/tls/ca.pem",
  tlscert: "/etc/docker/tls/server.pem",
  tlskey: "/etc/docker/tls/server-key.pem",
};

test("an engine nobody set up uses overlay2 and is reached over TLS alone", () => {
  const expected = {
    ...{ "storage-driver": "overlay2", labels: ["provider=kvm"] },
    ...{ "registry-mirrors": [], "insecure-registries": [] },
    ...access,
  };
  expect(configurationOf()).toEqual(expected);
  expect(daemonConfiguration({ provider: { id: "kvm" } })).toEqual(expected);
});

test("the flags of docker-machine have their settings", () => {
  expect(
    configurationOf({
      ...{ labels: ["rack=3"], storageDriver: "btrfs" },
      registryMirrors: ["https://mirror.example"],
      insecureRegistries: ["registry.example:5000"],
    }),
  ).toMatchObject({
    "storage-driver": "btrfs",
    labels: ["provider=kvm", "rack=3"],
    "registry-mirrors": ["https://mirror.example"],
    "insecure-registries": ["registry.example:5000"],
  });
});

describe("an engine option", () => {
  test.each([
    ["is text", ["log-level=debug"], { "log-level": "debug" }],
    ["may hold equals signs", ["bridge=a=b"], { bridge: "a=b" }],
    ["may be empty", ["bridge="], { bridge: "" }],
    ["is true when it has no value", ["experimental"], { experimental: true }],
    ["may begin with dashes", ["--debug"], { debug: true }],
    ["is true or false", ["ipv6=true", "icc=false"], { ipv6: true, icc: false }],
    ["is a number", ["mtu=1400", "max-concurrent-downloads=0"], { mtu: 1400 }],
    ["with leading zeros is text", ["mtu=007"], { mtu: "007" }],
    ["is a list where dockerd wants one", ["dns=192.0.2.53"], { dns: ["192.0.2.53"] }],
    [
      "of a list may be repeated",
      ["dns=192.0.2.53", "dns=192.0.2.54"],
      { dns: ["192.0.2.53", "192.0.2.54"] },
    ],
    [
      "may be JSON",
      ['log-opts={"max-size":"10m"}', 'dns=["192.0.2.53"]'],
      { "log-opts": { "max-size": "10m" }, dns: ["192.0.2.53"] },
    ],
    ["counts when it comes last", ["mtu=1400", "mtu=1300"], { mtu: 1300 }],
    ["replaces a default", ["storage-driver=vfs"], { "storage-driver": "vfs" }],
    ["does not change how the engine is reached", ["tlsverify=false", "hosts=tcp://:1"], access],
  ])("%s", (_, flags, settings) => {
    expect(withFlags(...flags)).toMatchObject(settings);
  });

  test.each(["", "=x", "Log=x", "a b=c", "log-opts={x}", "dns=[192.0.2.53]"])(
    "is refused as %o",
    (flag) => {
      expect(() => withFlags(flag)).toThrow(`engine option "${flag}" is refused`);
    },
  );
});
