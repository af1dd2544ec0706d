import { describe, expect, test } from "vitest";
import { daemonConfiguration } from "../../../../src/core/engine/daemon-configuration.ts";
import type { MachineRecord } from "../../../../src/store/record.ts";

const empty = {
  ...{ labels: [], registryMirrors: [], insecureRegistries: [], environment: {} },
  arbitraryFlags: [],
};
const machine = { provider: { id: "kvm" }, engineVersion: "26.1.5+dfsg1" };
const configurationOf = (engine?: Partial<MachineRecord["engine"]>) =>
  daemonConfiguration({ ...machine, engine: { ...empty, ...engine } });
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
  expect(daemonConfiguration(machine)).toEqual(expected);
});

test("an engine is labelled with the driver that create was given", () => {
  const provider = { id: "kvm", givenId: "qemu" };
  expect(daemonConfiguration({ ...machine, provider })).toMatchObject({
    labels: ["provider=qemu"],
  });
});

test("the flags of docker-machine have their settings", () => {
  expect(
    configurationOf({
      ...{ labels: ["rack=3"], storageDriver: "vfs" },
      registryMirrors: ["https://mirror.example"],
      insecureRegistries: ["registry.example:5000"],
    }),
  ).toMatchObject({
    "storage-driver": "vfs",
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
    [
      "may have the name of dockerd's flag",
      ["label=a=b", "dns-opt=ndots:1"],
      { labels: ["provider=kvm", "a=b"], "dns-opts": ["ndots:1"] },
    ],
    ["that has the name of what every object has is text", ["constructor=x"], { constructor: "x" }],
    ["of a list stays text", ["dns-search=1"], { "dns-search": ["1"] }],
    [
      "adds to the list of another flag",
      ["registry-mirror=https://b.example", "insecure-registry=c.example"],
      { "registry-mirrors": ["https://b.example"], "insecure-registries": ["c.example"] },
    ],
    [
      "of a map may be repeated",
      ["log-opt=max-size=10m", "log-opt=max-file=3"],
      { "log-opts": { "max-size": "10m", "max-file": "3" } },
    ],
    [
      "is a limit of processes",
      ["default-ulimit=nofile=1024:2048", "default-ulimit=core=-1"],
      {
        "default-ulimits": {
          nofile: { Name: "nofile", Soft: 1024, Hard: 2048 },
          core: { Name: "core", Soft: -1, Hard: -1 },
        },
      },
    ],
    ["is a runtime", ["add-runtime=crun=/opt/crun"], { runtimes: { crun: { path: "/opt/crun" } } }],
    [
      "is a pool of addresses",
      ["default-address-pool=base=10.9.0.0/16,size=24"],
      { "default-address-pools": [{ base: "10.9.0.0/16", size: 24 }] },
    ],
    ["that dockerd wants as text is text", ["userns-remap=1000"], { "userns-remap": "1000" }],
    [
      "takes the place of the label that machines have",
      ["label=provider=x"],
      {
        labels: ["provider=x"],
      },
    ],
  ])("%s", (_, flags, settings) => {
    expect(withFlags(...flags)).toMatchObject(settings);
  });

  test.each([
    ...["", "=x", "Log=x", "a b=c", "log-opts={x}", "dns=[192.0.2.53]", "log-opt=x", 'dns={"a":1}'],
    ...["default-ulimit=nofile", "default-address-pool=10.0.0.0/8", "add-runtime=crun"],
    ...["tlsverify=false", "hosts=tcp://:1", "host=tcp://:1", "pidfile=/x", "containerd=/x"],
  ])("is refused as %o", (flag) => {
    expect(() => withFlags(flag)).toThrow(`engine option "${flag}" is refused`);
  });
});

test.each([
  [{ labels: ["spam"] }, '--engine-label "spam" is not KEY=VALUE'],
  [{ registryMirrors: ["mirror.example"] }, '"mirror.example" is no plain http or https URL'],
  [{ registryMirrors: ["ftp://mirror.example"] }, '"ftp://mirror.example" is no plain'],
  [{ registryMirrors: ["https://me:secret@mirror.example"] }, "with a name in it is no plain"],
])("an option that no engine takes is refused by name: %o", (engine, message) => {
  expect(() => configurationOf(engine)).toThrow(message);
});

describe("the storage driver", () => {
  test.each([
    ["overlay", "26.1.5+dfsg1", "overlay2"],
    ["overlay", "24.0.0", "overlay2"],
    ["overlay", "unknown", "overlay2"],
    ["overlay", "20.10.24+dfsg1", "overlay"],
    ["overlay2", "20.10.24+dfsg1", "overlay2"],
    ["vfs", "26.1.5+dfsg1", "vfs"],
  ])("%s of engine %s is %s", (asked, engineVersion, driver) => {
    const given = { ...machine, engineVersion };
    for (const engine of [
      { ...empty, storageDriver: asked },
      { ...empty, arbitraryFlags: [`storage-driver=${asked}`] },
    ]) {
      expect(daemonConfiguration({ ...given, engine })).toMatchObject({ "storage-driver": driver });
    }
  });

  test.each(["aufs", "btrfs", "devicemapper", "fuse-overlayfs", "zfs"])(
    "%s is refused with the reason",
    (driver) => {
      const refused = new RegExp(`^storage driver "${driver}" is refused: .*(kernel|ext4|engine)`);
      expect(() => configurationOf({ storageDriver: driver })).toThrow(refused);
    },
  );
});
