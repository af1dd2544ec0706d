import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { describe, expect, test } from "vitest";
import { hostNames, hostNamesFor } from "../../../../src/core/names/host-names.ts";
import { coreWorld, runningMachine } from "../../../support/worlds/core-world.ts";

const guest = { hostLoopback: "10.0.2.2", guestName: "dev" };

describe("names for a guest", () => {
  test.each([
    ["an address with several names", "192.0.2.7 a.example a # office", ["192.0.2.7 a.example a"]],
    ["tabs, blanks and line ends of Windows", "\t192.0.2.7 \t a \r\n", ["192.0.2.7 a"]],
    ["the same name twice, in order", "192.0.2.7 a\n192.0.2.8 a", ["192.0.2.7 a", "192.0.2.8 a"]],
    ["this host's loopback, as the guest reaches it", "127.0.1.1 laptop", ["10.0.2.2 laptop"]],
    ["what every host calls itself", "127.0.0.1 localhost localhost.localdomain x.localhost", []],
    ["what the guest calls itself", "192.0.2.7 DEV other", ["192.0.2.7 other"]],
    ["a list against advertisements", "0.0.0.0 ads.example\n255.255.255.255 broadcasthost", []],
    ["IPv6, which guests do not have", "::1 six ip6-localhost\nfe80::1%lo0 six", []],
    ["what is no address or no name", "999.0.0.1 a\nwords\n192.0.2.7 a;reboot -x ..", []],
    ["notes and nothing", "# 192.0.2.7 a\n\n192.0.2.7", []],
  ])("%s", (_, hosts, expected) => {
    const found = hostNames({ ...guest, hosts });
    expect(found.map(({ address, names }) => [address, ...names].join(" "))).toEqual(expected);
  });

  test("leave out this host's own where the guest cannot reach it", () => {
    const hosts = "127.0.0.1 mine\n192.0.2.7 other";
    expect(hostNames({ hosts, hostLoopback: undefined, guestName: "dev" })).toEqual([
      { address: "192.0.2.7", names: ["other"] },
    ]);
  });

  test("are a thousand at most", () => {
    const hosts = Array.from({ length: 700 }, (_, index) => `192.0.2.7 a${index} b${index}`);
    const found = hostNames({ ...guest, hosts: hosts.join("\n") });
    expect(found.flatMap(({ names }) => names)).toHaveLength(1000);
  });

  test("are none where the store's settings say so", async () => {
    const world = await coreWorld({ hosts: "192.0.2.7 a.example" });
    const machine = await runningMachine(world);
    const wanted = [{ address: "192.0.2.7", names: ["a.example"] }];
    expect(await hostNamesFor(world.context, machine)).toEqual(wanted);
    const { config } = world.context.store.layout;
    await mkdir(dirname(config), { recursive: true });
    await writeFile(config, '{"passHostNames": false}');
    expect(await hostNamesFor(world.context, machine)).toEqual([]);
  });
});
