import { type Control, inaccessible } from "../../../src/providers/virtualbox/control.ts";
import { codes, virtualBoxFailed } from "../../../src/providers/virtualbox/failure.ts";
import type { Tools } from "../../../src/providers/virtualbox/machine/tools.ts";

/**
 * A host with VirtualBox's adapters by name, with and without an address. Its machines are by UUID, with the adapter
 * that each is on, undefined where VirtualBox cannot read the machine. One is there from the beginning.
 */
export function hostOnlyHost(given: Readonly<Record<string, string | undefined>> = {}) {
  const adapters = new Map(Object.entries(given));
  const notes = new Map<string, string>();
  const servers = new Set<string>();
  const state = {
    machines: new Map<string, string | undefined>([
      ["0f2b1a50-0000-4000-8000-0000000000aa", "none"],
    ]),
    ...{ isUsedByOthers: false, settingsFolder: "/" },
    /**
     * When the next adapter is being made: "before" and "after" it VirtualBox ends, "killed" the command. When it is
     * "refused" its DHCP server stays.
     */
    dies: "",
    /** The note, by its key, that a command is killed before writing. */
    diesBeforeNote: "",
    interfaces: [] as { name: string; cidr: string }[],
    answering: [] as string[],
  };
  const killed = new Error("killed");
  const lost = virtualBoxFailed(
    { message: "Call to remote object failed", code: "0x800706be" },
    [],
  );
  const refused = virtualBoxFailed({ message: "no", code: codes.invalidArgument }, []);
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
      servers.add(`HostInterfaceNetworking-${name}`);
      if (dies === "refused") throw refused;
      adapters.set(name, dies === "" ? address : undefined);
      if (dies === "after") throw lost;
      if (dies === "killed") throw killed;
      return name;
    },
    configureAdapter: async (name, { address }) => void adapters.set(name, address),
    removeAdapter: async (name) => void adapters.delete(name),
    listDhcpServers: async () =>
      [...servers].map((network) => ({
        ...{ network, address: "192.168.56.100", isEnabled: true },
        ...{ lowest: "192.168.56.101", highest: "192.168.56.254" },
      })),
    removeDhcpServer: async (network) => void servers.delete(network),
    listMachines: async () => [...state.machines.keys()].map((uuid) => ({ uuid, name: "dev" })),
    readMachine: async (uuid) => {
      if (!state.machines.has(uuid)) return undefined;
      const adapter = state.machines.get(uuid);
      if (adapter === undefined) return inaccessible(uuid);
      return { ...inaccessible(uuid), state: "poweroff", adapters: [adapter] };
    },
    readNotes: async () => new Map(notes),
    async writeNote(key, value) {
      if (key === state.diesBeforeNote) {
        state.diesBeforeNote = "";
        throw killed;
      }
      if (value === undefined) notes.delete(key);
      else notes.set(key, value);
    },
  };
  const control: Control = Object.assign(Object.create(null), asked);
  const known: Partial<Tools["world"]> = {
    patience: 1,
    readInterfaces: () => state.interfaces,
    isUsedByOthers: async () => state.isUsedByOthers,
    isAnswering: async (address) => state.answering.includes(address),
  };
  const world: Tools["world"] = Object.defineProperty(
    Object.assign(Object.create(null), known),
    "settingsFolder",
    { get: () => state.settingsFolder },
  );
  const tools: Tools = {
    ...{ control, world, signal: new AbortController().signal },
    unhurried: () => tools,
  };
  return { tools, adapters, notes, servers, state };
}
