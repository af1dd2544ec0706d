import { describe, expect, test } from "vitest";
import { type Control, inaccessible } from "../../../../src/providers/virtualbox/control.ts";
import { codes, virtualBoxFailed } from "../../../../src/providers/virtualbox/failure.ts";
import type { Tools } from "../../../../src/providers/virtualbox/machine/tools.ts";
import {
  findOrMakeAdapter,
  removeUnusedAdapter,
} from "../../../../src/providers/virtualbox/network/adapter.ts";
import { adapterKey, makingKey } from "../../../../src/providers/virtualbox/network/notes.ts";

const network = { address: "192.168.56.1", prefixLength: 24 };
const uuid = "0f2b1a50-0000-4000-8000-0000000000aa";

/** A host with VirtualBox's adapters by name, with and without an address, and one machine. */
function hostWith(given: Readonly<Record<string, string | undefined>> = {}) {
  const adapters = new Map(Object.entries(given));
  const notes = new Map<string, string>();
  const state = { machineIsOn: "none", isUsedByOthers: false, dies: "" };
  const killed = new Error("killed");
  const lost = virtualBoxFailed(
    { message: "Call to remote object failed", code: "0x800706be" },
    [],
  );
  const asked: Partial<Control> = {
    listAdapters: async () =>
      [...adapters].flatMap(([name, address]) =>
        address === undefined ? [] : [{ name, address, prefixLength: 24 }],
      ),
    listAdapterNames: async () => [...adapters.keys()],
    async createAdapter({ address }) {
      const { dies } = state;
      state.dies = "";
      const name = `vboxnet${adapters.size}`;
      if (dies === "before") throw lost;
      adapters.set(name, dies === "" ? address : undefined);
      if (dies === "after") throw lost;
      if (dies === "killed") throw killed;
      return name;
    },
    removeAdapter: async (name) => void adapters.delete(name),
    listDhcpServers: async () => [],
    listMachines: async () => [{ uuid, name: "dev" }],
    readMachine: async () => ({
      ...inaccessible(uuid),
      ...{ state: "poweroff", adapters: [state.machineIsOn] },
    }),
    readNotes: async () => new Map(notes),
    async writeNote(key, value) {
      if (value === undefined) notes.delete(key);
      else notes.set(key, value);
    },
    configureAdapter: async (name, { address }) => void adapters.set(name, address),
  };
  const control: Control = Object.assign(Object.create(null), asked);
  const world: Tools["world"] = Object.assign(Object.create(null), {
    readInterfaces: () => [],
    isUsedByOthers: async () => state.isUsedByOthers,
  });
  const tools: Tools = {
    ...{ control, world, signal: new AbortController().signal },
    unhurried: () => tools,
  };
  return { tools, adapters, notes, state };
}

const make = (tools: Tools) => findOrMakeAdapter(network, { hasDhcp: true }, tools);

describe("an adapter that has to be made", () => {
  test("is noted as tsmachine's, and nothing else is", async () => {
    const { tools, adapters, notes } = hostWith({ vboxnet0: "192.168.99.1" });
    expect(await make(tools)).toBe("vboxnet1");
    expect(adapters.get("vboxnet1")).toBe("192.168.56.1");
    expect(notes).toEqual(new Map([[adapterKey("vboxnet1"), "192.168.56.1/24"]]));
  });

  test("by a command that was killed is removed by the next, which makes one", async () => {
    const { tools, adapters, state } = hostWith({ vboxnet0: undefined });
    state.dies = "killed";
    await expect(make(tools)).rejects.toThrow("killed");
    expect([...adapters.keys()]).toEqual(["vboxnet0", "vboxnet1"]);
    expect(await make(tools)).toBe("vboxnet1");
    expect([...adapters.keys()]).toEqual(["vboxnet0", "vboxnet1"]);
  });

  test("by a command that was killed is removed with the machine", async () => {
    const { tools, adapters, notes, state } = hostWith();
    state.dies = "killed";
    await expect(make(tools)).rejects.toThrow("killed");
    await removeUnusedAdapter(network, tools);
    expect(adapters.size + notes.size).toBe(0);
  });

  test.each(["a machine", "another"])("stays when it may be the user's own: %s", async (sign) => {
    const { tools, adapters, notes, state } = hostWith();
    state.dies = "killed";
    await expect(make(tools)).rejects.toThrow("killed");
    if (sign === "another") adapters.set("vboxnet7", undefined);
    else state.machineIsOn = "vboxnet0";
    await removeUnusedAdapter(network, tools);
    expect(adapters.has("vboxnet0")).toBe(true);
    expect(notes.has(makingKey)).toBe(false);
  });

  test.each(["before", "after"])("is one, when VirtualBox ends %s it is there", async (dies) => {
    const { tools, adapters, state } = hostWith();
    state.dies = dies;
    expect(await make(tools)).toBe("vboxnet0");
    expect([...adapters]).toEqual([["vboxnet0", "192.168.56.1"]]);
  });
});

describe("an adapter of tsmachine's that no machine is on", () => {
  test("is removed", async () => {
    const { tools, adapters } = hostWith();
    await make(tools);
    await removeUnusedAdapter(network, tools);
    expect(adapters.size).toBe(0);
  });

  test("stays while other users of the host have VirtualBox running", async () => {
    const { tools, adapters, notes, state } = hostWith();
    await make(tools);
    state.isUsedByOthers = true;
    await removeUnusedAdapter(network, tools);
    expect([...adapters.keys()]).toEqual(["vboxnet0"]);
    state.isUsedByOthers = false;
    await removeUnusedAdapter(network, tools);
    expect(adapters.size + notes.size).toBe(0);
  });
});

test("a refusal is passed on, and made nothing", async () => {
  const { tools } = hostWith();
  const refused = virtualBoxFailed({ message: "no", code: codes.invalidArgument }, []);
  tools.control.createAdapter = async () => {
    throw refused;
  };
  await expect(make(tools)).rejects.toBe(refused);
});
