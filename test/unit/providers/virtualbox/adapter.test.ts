import { describe, expect, test } from "vitest";
import { codes, virtualBoxFailed } from "../../../../src/providers/virtualbox/failure.ts";
import type { Tools } from "../../../../src/providers/virtualbox/machine/tools.ts";
import {
  findOrMakeAdapter,
  removeUnusedAdapter,
} from "../../../../src/providers/virtualbox/network/adapter.ts";
import {
  adapterKey,
  dhcpKey,
  makingKey,
} from "../../../../src/providers/virtualbox/network/notes.ts";
import { hostOnlyHost } from "../../../support/virtualbox/host-only-host.ts";

const network = { address: "192.168.56.1", prefixLength: 24 };
const make = (tools: Tools) => findOrMakeAdapter(network, { hasDhcp: true }, tools);

describe("an adapter that has to be made", () => {
  test("is noted as tsmachine's, and nothing else is", async () => {
    const { tools, adapters, notes } = hostOnlyHost({ vboxnet0: "192.168.99.1" });
    expect(await make(tools)).toBe("vboxnet1");
    expect(adapters.get("vboxnet1")).toBe("192.168.56.1");
    expect(Object.fromEntries(notes)).toEqual({
      [adapterKey("vboxnet1")]: "192.168.56.1/24",
      [dhcpKey("vboxnet1")]: "made",
    });
  });

  test("by a command that was killed is removed by the next, which makes one", async () => {
    const { tools, adapters, state } = hostOnlyHost({ vboxnet0: undefined });
    state.dies = "killed";
    await expect(make(tools)).rejects.toThrow("killed");
    expect([...adapters.keys()]).toEqual(["vboxnet0", "vboxnet1"]);
    expect(await make(tools)).toBe("vboxnet1");
    expect([...adapters.keys()]).toEqual(["vboxnet0", "vboxnet1"]);
  });

  test("by a command that was killed is removed with the machine", async () => {
    const { tools, adapters, notes, state } = hostOnlyHost();
    state.dies = "killed";
    await expect(make(tools)).rejects.toThrow("killed");
    await removeUnusedAdapter(network, tools);
    expect(adapters.size + notes.size).toBe(0);
  });

  test.each(["a machine", "another"])("stays when it may be the user's own: %s", async (sign) => {
    const { tools, adapters, notes, state } = hostOnlyHost();
    state.dies = "killed";
    await expect(make(tools)).rejects.toThrow("killed");
    if (sign === "another") adapters.set("vboxnet7", undefined);
    else state.machines.set("0f2b1a50-0000-4000-8000-0000000000aa", "vboxnet0");
    await removeUnusedAdapter(network, tools);
    expect(adapters.has("vboxnet0")).toBe(true);
    expect(notes.has(makingKey)).toBe(false);
  });

  test("stays when another user of the host has VirtualBox running, who may have made it", async () => {
    const { tools, adapters, notes, state } = hostOnlyHost();
    state.dies = "killed";
    await expect(make(tools)).rejects.toThrow("killed");
    state.isUsedByOthers = true;
    await removeUnusedAdapter(network, tools);
    expect(adapters.has("vboxnet0")).toBe(true);
    expect(notes.has(makingKey)).toBe(false);
  });

  test.each([
    ["192.168.56.1", false],
    ["192.168.57.1", true],
    ["10.0.0.1", true],
  ])("stays unless its address is VirtualBox's own choice: %s", async (address, stays) => {
    const { tools, adapters, state } = hostOnlyHost();
    state.dies = "killed";
    await expect(make(tools)).rejects.toThrow("killed");
    adapters.set("vboxnet0", address);
    await removeUnusedAdapter({ address: "192.168.60.1", prefixLength: 24 }, tools);
    expect(adapters.has("vboxnet0")).toBe(stays);
  });

  test.each(["before", "after"])("is one, when VirtualBox ends %s it is there", async (dies) => {
    const { tools, adapters, notes, servers, state } = hostOnlyHost();
    state.dies = dies;
    expect(await make(tools)).toBe("vboxnet0");
    expect([...adapters]).toEqual([["vboxnet0", "192.168.56.1"]]);
    expect([...notes.keys()].sort()).toEqual([adapterKey("vboxnet0"), dhcpKey("vboxnet0")].sort());
    await removeUnusedAdapter(network, tools);
    expect(adapters.size + notes.size + servers.size).toBe(0);
  });

  test("by a command that was killed is removed, also when it has its address, and that is not VirtualBox's choice", async () => {
    const { tools, adapters, notes, servers, state } = hostOnlyHost({ vboxnet0: undefined });
    state.diesBeforeNote = dhcpKey("vboxnet1");
    await expect(make(tools)).rejects.toThrow("killed");
    expect(adapters.get("vboxnet1")).toBe("192.168.56.1");
    await removeUnusedAdapter({ address: "192.168.60.1", prefixLength: 24 }, tools);
    expect([...adapters.keys()]).toEqual(["vboxnet0"]);
    expect(notes.size + servers.size).toBe(0);
  });

  test("is the one that is noted where the command was killed only then: the next is the user's own", async () => {
    const { tools, adapters, notes } = hostOnlyHost();
    await make(tools);
    notes.set(makingKey, JSON.stringify({ adapters: [], dhcpNetworks: [], cidr: "" }));
    adapters.set("vboxnet1", undefined);
    expect(await make(tools)).toBe("vboxnet0");
    expect([...adapters.keys()]).toEqual(["vboxnet0", "vboxnet1"]);
    expect(notes.has(makingKey)).toBe(false);
  });
});

describe("an adapter of tsmachine's that no machine is on", () => {
  test("is removed", async () => {
    const { tools, adapters } = hostOnlyHost();
    await make(tools);
    await removeUnusedAdapter(network, tools);
    expect(adapters.size).toBe(0);
  });

  test.each([undefined, "169.254.7.7"])(
    "is removed also when it has lost its address: %s",
    async (address) => {
      const { tools, adapters, notes, servers } = hostOnlyHost({ vboxnet0: "192.168.99.1" });
      await make(tools);
      adapters.set("vboxnet1", address);
      await removeUnusedAdapter(network, tools);
      expect([...adapters.keys()]).toEqual(["vboxnet0"]);
      expect(notes.size + servers.size).toBe(0);
    },
  );

  test("that has lost its address is the one, whoever has that address now", async () => {
    const { tools, adapters, notes } = hostOnlyHost();
    await make(tools);
    adapters.set("vboxnet0", undefined).set("vboxnet1", "192.168.56.1");
    await removeUnusedAdapter(network, tools);
    expect([...adapters.keys()]).toEqual(["vboxnet1"]);
    expect(notes.size).toBe(0);
  });

  test("stays while other users of the host have VirtualBox running", async () => {
    const { tools, adapters, notes, state } = hostOnlyHost();
    await make(tools);
    state.isUsedByOthers = true;
    await removeUnusedAdapter(network, tools);
    expect([...adapters.keys()]).toEqual(["vboxnet0"]);
    state.isUsedByOthers = false;
    await removeUnusedAdapter(network, tools);
    expect(adapters.size + notes.size).toBe(0);
  });
});

test("a refusal is passed on, and what appears afterwards is the user's own", async () => {
  const { tools, adapters, notes } = hostOnlyHost();
  const refused = virtualBoxFailed({ message: "no", code: codes.invalidArgument }, []);
  tools.control.createAdapter = async () => {
    throw refused;
  };
  await expect(make(tools)).rejects.toBe(refused);
  expect(notes.size).toBe(0);
  adapters.set("vboxnet0", undefined);
  await removeUnusedAdapter(network, tools);
  expect(adapters.has("vboxnet0")).toBe(true);
});

describe("an adapter of tsmachine's", () => {
  test.each([undefined, "192.168.99.1"])(
    "gets its address back, and none is made beside it: %s",
    async (address) => {
      const { tools, adapters } = hostOnlyHost();
      await make(tools);
      adapters.set("vboxnet0", address);
      expect(await make(tools)).toBe("vboxnet0");
      expect([...adapters]).toEqual([["vboxnet0", "192.168.56.1"]]);
    },
  );

  test("is no rival of itself, under the name that Windows has for it", async () => {
    const { tools, adapters, state } = hostOnlyHost();
    await make(tools);
    adapters.set("vboxnet0", undefined);
    state.interfaces = [{ name: "VirtualBox Host-Only Network", cidr: "192.168.56.1/24" }];
    expect(await make(tools)).toBe("vboxnet0");
    state.interfaces = [{ name: "tun0", cidr: "192.168.56.7/24" }];
    adapters.set("vboxnet0", undefined);
    await expect(make(tools)).rejects.toMatchObject({
      ...{ code: "ADDRESS_UNAVAILABLE", message: expect.stringMatching(/interface tun0$/) },
    });
  });

  test("that somebody has removed is forgotten: the next of that name is the user's own", async () => {
    const { tools, adapters, notes } = hostOnlyHost();
    await make(tools);
    adapters.delete("vboxnet0");
    await removeUnusedAdapter(network, tools);
    expect(notes.size).toBe(0);
    adapters.set("vboxnet0", "192.168.56.1");
    await removeUnusedAdapter(network, tools);
    expect(adapters.has("vboxnet0")).toBe(true);
  });

  test("stays for a machine that cannot be read, which is told", async () => {
    const { tools, adapters, state } = hostOnlyHost();
    await make(tools);
    state.machines.set("b26fa7a6-0000-4000-8000-0123456789ab", undefined);
    expect(await removeUnusedAdapter(network, tools)).toEqual({
      ...{ name: "vboxnet0", uuid: "b26fa7a6-0000-4000-8000-0123456789ab" },
    });
    expect(adapters.has("vboxnet0")).toBe(true);
  });
});

const server = "HostInterfaceNetworking-vboxnet0";

describe("the DHCP server that comes with an adapter", () => {
  test.each([true, false])("is kept where it is wanted: %s, and goes with it", async (hasDhcp) => {
    const { tools, servers, notes } = hostOnlyHost();
    servers.add("HostInterfaceNetworking-vboxnet7");
    await findOrMakeAdapter(network, { hasDhcp }, tools);
    const own = hasDhcp ? [server] : [];
    expect([...servers]).toEqual(["HostInterfaceNetworking-vboxnet7", ...own]);
    await removeUnusedAdapter(network, tools);
    expect([...servers]).toEqual(["HostInterfaceNetworking-vboxnet7"]);
    expect(notes.size).toBe(0);
  });

  test.each(["adapter", "DHCP server"])(
    "goes also when the command was killed before it noted the %s",
    async (what) => {
      const { tools, servers, notes, state } = hostOnlyHost();
      state.diesBeforeNote = (what === "adapter" ? adapterKey : dhcpKey)("vboxnet0");
      await expect(make(tools)).rejects.toThrow("killed");
      expect([...servers]).toEqual([server]);
      await removeUnusedAdapter(network, tools);
      expect(servers.size + notes.size).toBe(0);
    },
  );

  test("goes when somebody else has removed the adapter", async () => {
    const { tools, adapters, servers, notes } = hostOnlyHost();
    await make(tools);
    adapters.clear();
    await removeUnusedAdapter(network, tools);
    expect(servers.size + notes.size).toBe(0);
  });

  test("goes when the adapter was refused its address and is gone", async () => {
    const { tools, servers, notes, state } = hostOnlyHost();
    state.dies = "refused";
    await expect(make(tools)).rejects.toMatchObject({ code: "VIRTUALBOX_FAILED" });
    expect(servers.size + notes.size).toBe(0);
  });

  test("is no longer tsmachine's when it is not wanted: one that the user makes stays", async () => {
    const { tools, servers } = hostOnlyHost();
    await findOrMakeAdapter(network, { hasDhcp: false }, tools);
    servers.add(server);
    await removeUnusedAdapter(network, tools);
    expect([...servers]).toEqual([server]);
  });

  test("is not tsmachine's where a killed command's adapter was left to somebody else", async () => {
    const { tools, servers, notes, state } = hostOnlyHost();
    state.diesBeforeNote = adapterKey("vboxnet0");
    await expect(make(tools)).rejects.toThrow("killed");
    state.isUsedByOthers = true;
    await removeUnusedAdapter(network, tools);
    expect([...servers]).toEqual([server]);
    expect(notes.size).toBe(0);
  });
});

describe("a DHCP server that was there before the adapter, as a new VirtualBox has one for vboxnet0", () => {
  test.each([true, false])("stays when the adapter goes; wanted: %s", async (hasDhcp) => {
    const { tools, servers } = hostOnlyHost();
    servers.add(server);
    await findOrMakeAdapter(network, { hasDhcp }, tools);
    expect([...servers]).toEqual([server]);
    await removeUnusedAdapter(network, tools);
    expect([...servers]).toEqual([server]);
  });

  test("stays when the adapter of a killed command goes", async () => {
    const { tools, servers, adapters, state } = hostOnlyHost();
    servers.add(server);
    state.dies = "killed";
    await expect(make(tools)).rejects.toThrow("killed");
    await removeUnusedAdapter(network, tools);
    expect({ servers: [...servers], adapterCount: adapters.size }).toEqual({
      ...{ servers: [server], adapterCount: 0 },
    });
  });
});
