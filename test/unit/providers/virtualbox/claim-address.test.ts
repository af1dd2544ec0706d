import { describe, expect, test } from "vitest";
import type { Tools } from "../../../../src/providers/virtualbox/machine/tools.ts";
import {
  claimAddress,
  releaseAddress,
} from "../../../../src/providers/virtualbox/network/claim-address.ts";
import { addressKey } from "../../../../src/providers/virtualbox/network/notes.ts";
import type { HostOnly } from "../../../../src/providers/virtualbox/record.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";
import { hostOnlyHost } from "../../../support/virtualbox/host-only-host.ts";

const first = "0f2b1a50-0000-4000-8000-0000000000aa";
const second = "0f2b1a50-0000-4000-8000-0000000000bb";

const hostOnly: HostOnly = {
  ...{ network: "192.168.56.1/24", type: "virtio", mac: "08:00:27:00:00:02", hasDhcp: true },
  ...{ promiscuous: "deny", adapter: null, address: null },
};

async function host() {
  const made = hostOnlyHost();
  made.state.settingsFolder = await temporaryDirectory();
  made.state.machines.set(second, "none");
  return made;
}

const claim = (uuid: string, tools: Tools, address: string | null = null) =>
  claimAddress({ uuid, hostOnly: { ...hostOnly, address } }, tools);

describe("the address of a machine", () => {
  test("is its own, on an adapter that all share", async () => {
    const { tools, adapters, notes } = await host();
    expect(await claim(first, tools)).toEqual({ adapter: "vboxnet0", address: "192.168.56.2" });
    expect(await claim(second, tools)).toEqual({ adapter: "vboxnet0", address: "192.168.56.3" });
    expect(adapters.size).toBe(1);
    expect(notes.get(addressKey("192.168.56.2"))).toBe(first);
    expect(notes.get(addressKey("192.168.56.3"))).toBe(second);
  });

  test("is the same for two machines at once as for one after the other", async () => {
    const { tools, adapters } = await host();
    const claims = await Promise.all([claim(first, tools), claim(second, tools)]);
    expect(claims.map((one) => one?.address).sort()).toEqual(["192.168.56.2", "192.168.56.3"]);
    expect(adapters.size).toBe(1);
  });

  test("is that of the create that was killed before it was stored", async () => {
    const { tools } = await host();
    await claim(first, tools);
    await claim(second, tools);
    expect(await claim(second, tools)).toMatchObject({ address: "192.168.56.3" });
  });

  test("is noted again where the note is lost, and refused where another has it by then", async () => {
    const { tools, notes } = await host();
    await claim(first, tools, "192.168.56.9");
    expect(notes.get(addressKey("192.168.56.9"))).toBe(first);
    await expect(claim(second, tools, "192.168.56.9")).rejects.toMatchObject({
      ...{ code: "ADDRESS_UNAVAILABLE", message: expect.stringContaining(first) },
    });
  });

  test("may be that of a machine that VirtualBox does not know any more", async () => {
    const { tools, state, notes } = await host();
    await claim(first, tools);
    state.machines.delete(first);
    expect(await claim(second, tools)).toMatchObject({ address: "192.168.56.2" });
    expect(notes.get(addressKey("192.168.56.2"))).toBe(second);
  });

  test("is none that somebody answers at, such as another user's machine", async () => {
    const { tools, state, adapters } = await host();
    adapters.set("vboxnet0", "192.168.56.1");
    state.answering = ["192.168.56.2", "192.168.56.3"];
    state.interfaces = [{ name: "vboxnet0", cidr: "192.168.56.1/24" }];
    expect(await claim(first, tools)).toMatchObject({ address: "192.168.56.4" });
  });

  test("is not asked for where this host is not in the network", async () => {
    const { tools, state } = await host();
    state.answering = ["192.168.56.2"];
    expect(await claim(first, tools)).toMatchObject({ address: "192.168.56.2" });
  });

  test("is refused where none is left", async () => {
    const { tools } = await host();
    const full = { ...hostOnly, network: "192.168.56.1/30" };
    tools.control.listAdapters = async () => [
      { name: "vboxnet0", address: "192.168.56.1", prefixLength: 30 },
    ];
    await claimAddress({ uuid: first, hostOnly: full }, tools);
    await expect(claimAddress({ uuid: second, hostOnly: full }, tools)).rejects.toMatchObject({
      ...{ code: "ADDRESS_UNAVAILABLE", message: expect.stringMatching(/^no address is free/) },
    });
  });
});

test("what is given back is free, and the adapter goes with the last machine on it", async () => {
  const { tools, state, adapters, notes } = await host();
  await claim(first, tools);
  await claim(second, tools);
  for (const uuid of [first, second]) state.machines.set(uuid, "vboxnet0");
  state.machines.delete(first);
  await releaseAddress({ uuid: first, hostOnly }, tools);
  expect(notes.has(addressKey("192.168.56.2"))).toBe(false);
  expect(adapters.size).toBe(1);
  state.machines.delete(second);
  await releaseAddress({ uuid: second, hostOnly }, tools);
  expect(adapters.size + notes.size).toBe(0);
});

test("a machine without a host-only card claims and gives back nothing", async () => {
  const { tools, adapters } = await host();
  expect(await claimAddress({ uuid: first, hostOnly: null }, tools)).toBeUndefined();
  await releaseAddress({ uuid: first, hostOnly: null }, tools);
  expect(adapters.size).toBe(0);
});
