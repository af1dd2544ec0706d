import { basename } from "node:path";
import { onTestFinished } from "vitest";
import type { Bundle } from "../../../src/certs/bundle.ts";
import { TsmachineError } from "../../../src/errors/tsmachine-error.ts";
import { freeLoopbackPorts, isLoopbackPortFree } from "../../../src/host/ports.ts";
import type {
  BootImages,
  Capabilities,
  Forward,
  Forwards,
  Health,
  Instance,
  MachinePlaces,
  Operation,
  PowerState,
  Provider,
  Snapshots,
  Usage,
} from "../../../src/providers/provider.ts";
import { type FakeEngine, startFakeEngine } from "../network/fake-engine.ts";
import { createFakeForwards } from "./fake-forwards.ts";
import { createFakePortable } from "./fake-portable.ts";
import { type FakeRecord, optionsSchema, parseOptions, recordSchema } from "./fake-record.ts";
import { createFakeResizing } from "./fake-resizing.ts";
import { createFakeSharing } from "./fake-sharing.ts";
import { createFakeSnapshots } from "./fake-snapshots.ts";

type Change =
  | ("abandon" | "create" | "remove" | "start" | "stop")
  | ("suspend" | "resize" | "take" | "restore" | "forget" | "adopt disk");
type Call = Change | "check" | "plan" | "endpoint" | "power";

/**
 * What a guest does once it is on. "idle": nothing. "serving": it has an engine. "mute": it has one
 * that never answers. Otherwise it says these lines on its console and switches itself off.
 */
export type Guest = "idle" | "serving" | "mute" | { readonly lastWords: readonly string[] };

export interface FakeProvider extends Provider {
  /** Calls that change something, in order: "start default". */
  readonly calls: string[];
  /** Where the files were of each instance that was opened. */
  readonly places: MachinePlaces[];
  /** The next such call on any instance throws this and does nothing. */
  failNext(call: Call, error: Error): void;
  /** Asked for its power from now on, this instance never answers. */
  hang(name: string): void;
  /** What happens behind the provider's back: the plug is pulled, or the disk deleted. */
  setPower(name: string, power: PowerState): Promise<void>;
  /** The instance's engine, which must be on. */
  engineOf(name: string): FakeEngine;
  /** What forwards the instance has. */
  forwardsOf(name: string): readonly Forward[];
  /** Ends the instance's engine while the machine goes on. */
  endEngine(name: string): Promise<void>;
  /** What guests do when they are started next; may depend on the images that they boot. */
  guest: Guest | ((images: BootImages) => Guest);
  /** Ports of this host that no forward gets. */
  readonly takenPorts: Set<number>;
  /** Whether guests shut down when they are asked to. */
  heedsPowerButton: boolean;
  /** What the guests say on their consoles. */
  console: readonly string[];
  /** Where instances with dynamic endpoints are from their next start on; "" is never known. */
  address: string;
  /** How often they are asked in vain for it after a start. */
  asksInVain: number;
  /** What else happens when an instance is switched on. */
  whenOn(name: string, ports: FakePorts): Promise<void>;
  /** The instance, which runs, has another address from now on, and its engine is there; "" is none. */
  move(name: string, address: string): Promise<void>;
  /** The instance's engine shows this certificate from now on. */
  recertify(name: string, bundle: Bundle): void;
  /** The files of an instance whose machine has this folder; none unless set. */
  filesIn(directory: string): Instance["files"];
  /** What an instance that is on takes of this host; nobody knows unless set. */
  usageOf: ((name: string) => Promise<Usage>) | undefined;
  /** At its next start the instance gets other ports than it had. */
  takePorts(name: string): void;
}

export interface FakePorts {
  readonly sshPort: number;
  readonly dockerPort: number;
}

const everything: Capabilities = {
  ownsInstance: true,
  bootsIso: true,
  suspension: true,
  snapshots: true,
  resizing: true,
  sharing: true,
  portable: true,
  forwards: true,
  dynamicEndpoint: false,
  parallel: true,
};

/** Paths for those who read none of the images. */
export const sampleImages: BootImages = {
  kernel: "/images/kernel",
  initramfs: "/images/initramfs",
  bootIso: "/images/boot.iso",
  engineImage: "/images/engine",
  seedImage: "/images/seed",
  commandLine: "",
};

/** A provider whose instances are entries of maps: they start and stop at once. */
export function createFakeProvider({
  id = "fake",
  aliases = [],
  capabilities = {},
  health = { state: "ready", version: "fake 1.0", notes: [] },
}: {
  id?: string;
  aliases?: readonly string[];
  capabilities?: Partial<Capabilities>;
  health?: Health;
} = {}): FakeProvider {
  const powers = new Map<string, PowerState>();
  const engines = new Map<string, FakeEngine>();
  const consoles = new Map<string, readonly string[]>();
  const snapshots = new Map<string, string[]>();
  const failures = new Map<Call, Error>();
  const hanging = new Set<string>();
  const leases = new Map<string, { address: string; asksLeft: number }>();
  const withoutPorts = new Set<string>();
  const forwards = new Map<string, Forward[]>();

  const failIfTold = (call: Call) => {
    const failure = failures.get(call);
    failures.delete(call);
    if (failure !== undefined) throw failure;
  };

  const begin = (change: Change, name: string, operation: Operation) => {
    operation.signal.throwIfAborted();
    failIfTold(change);
    provider.calls.push(`${change} ${name}`);
    operation.report(`${change} ${name}`);
  };

  const endEngine = async (name: string) => {
    await engines.get(name)?.close();
    engines.delete(name);
  };

  /** Forwards end with the instance that they belong to. */
  const switchOff = async (name: string, power: PowerState) => {
    await endEngine(name);
    forwards.delete(name);
    if (power === "absent") powers.delete(name);
    else powers.set(name, power);
  };

  const provider: FakeProvider = {
    ...{ id, aliases, options: optionsSchema, calls: [], places: [], takenPorts: new Set() },
    capabilities: { ...everything, ...capabilities },
    async check() {
      failIfTold("check");
      return health;
    },
    async plan({ name }, options) {
      failIfTold("plan");
      const { memoryMiB } = parseOptions(options);
      const [sshPort = 0, dockerPort = 0] = await freeLoopbackPorts(2);
      return { name, memoryMiB, sshPort, dockerPort };
    },
    ...((capabilities.portable ?? everything.portable) && {
      async replan(record, { name }, operation) {
        operation.signal.throwIfAborted();
        const parsed = recordSchema.safeParse(record);
        if (!parsed.success) throw new TsmachineError("RECORD_INVALID", "no record of a fake");
        const [sshPort = 0, dockerPort = 0] = await freeLoopbackPorts(2);
        return { ...parsed.data, name, sshPort, dockerPort };
      },
    }),
    open(record, places) {
      provider.places.push(places);
      return openInstance(recordSchema.parse(record), places);
    },
    async abandon(directory, operation) {
      const name = basename(directory);
      if (!powers.has(name)) return;
      begin("abandon", name, operation);
      await switchOff(name, "absent");
    },
    failNext: (call, error) => void failures.set(call, error),
    hang: (name) => void hanging.add(name),
    setPower: switchOff,
    endEngine,
    whenOn: async () => {},
    async move(name, address) {
      leases.set(name, { address, asksLeft: 0 });
      if (address === "") await endEngine(name);
      else await engines.get(name)?.listen(address);
    },
    recertify: (name, bundle) => engines.get(name)?.recertify(bundle),
    ...{ filesIn: () => ({}), usageOf: undefined },
    takePorts: (name) => void withoutPorts.add(name),
    ...{ address: "127.0.0.2", asksInVain: 0 },
    engineOf(name) {
      const engine = engines.get(name);
      if (engine === undefined) throw new Error(`machine "${name}" has no engine`);
      return engine;
    },
    forwardsOf: (name) => forwards.get(name) ?? [],
    ...{ guest: "idle", heedsPowerButton: true, console: ["fake guest is up"] },
  };

  const addressOf = (name: string) => {
    if (!provider.capabilities.dynamicEndpoint) return "127.0.0.1";
    const lease = powers.get(name) === "running" ? leases.get(name) : undefined;
    if (lease === undefined || lease.asksLeft === 0) return lease?.address ?? "";
    lease.asksLeft -= 1;
    return "";
  };

  async function switchOn(
    { name, sshPort, dockerPort }: FakeRecord,
    { directory, images }: MachinePlaces,
  ): Promise<void> {
    if (powers.get(name) !== "running") {
      leases.set(name, { address: provider.address, asksLeft: provider.asksInVain });
      await provider.whenOn(name, { sshPort, dockerPort });
    }
    const guest = guestOf(provider.guest, images);
    if (typeof guest === "object") {
      consoles.set(name, guest.lastWords);
      powers.set(name, "stopped");
      return;
    }
    consoles.set(name, provider.console);
    powers.set(name, "running");
    if (guest === "idle" || engines.has(name)) return;
    const isDynamic = provider.capabilities.dynamicEndpoint && provider.address !== "";
    const address = isDynamic ? provider.address : "127.0.0.1";
    const engine = { port: dockerPort, address, directory, manner: guest };
    engines.set(name, await startFakeEngine(engine));
    onTestFinished(() => endEngine(name));
  }

  const forwardsOf = (name: string): Forwards =>
    createFakeForwards({
      ...{ name, all: forwards, takenPorts: provider.takenPorts },
      isOn: () => powers.get(name) === "running",
    });

  const labelsOf = (name: string): string[] => {
    const labels = snapshots.get(name) ?? [];
    snapshots.set(name, labels);
    return labels;
  };

  const snapshotsOf = (name: string): Snapshots =>
    createFakeSnapshots({
      ...{ name, labels: labelsOf(name) },
      begin: (change, operation) => begin(change, name, operation),
      switchOff: () => switchOff(name, "stopped"),
    });

  function openInstance(record: FakeRecord, places: MachinePlaces): Instance {
    const { name, sshPort, dockerPort } = record;
    const powerNow = () => powers.get(name) ?? "absent";
    return {
      async create(operation) {
        begin("create", name, operation);
        if (powerNow() === "absent") powers.set(name, "stopped");
        return record;
      },
      async remove(operation) {
        begin("remove", name, operation);
        await switchOff(name, "absent");
      },
      async start(operation) {
        begin("start", name, operation);
        if (powerNow() === "absent") {
          throw new TsmachineError("INSTANCE_MISSING", `machine "${name}" has no instance`, {
            hints: ["create the machine again"],
          });
        }
        // As the real ones: somebody may have taken the port since it was chosen.
        const isTaken =
          withoutPorts.delete(name) ||
          (powerNow() === "stopped" &&
            provider.guest !== "idle" &&
            !(await isLoopbackPortFree(dockerPort)));
        const [newSshPort = sshPort, newDockerPort = dockerPort] = isTaken
          ? await freeLoopbackPorts(2)
          : [];
        const started = { ...record, sshPort: newSshPort, dockerPort: newDockerPort };
        await switchOn(started, places);
        return started;
      },
      async stop(how, operation) {
        begin("stop", name, operation);
        if (how === "shutdown" && !provider.heedsPowerButton) return;
        if (powerNow() !== "absent") await switchOff(name, "stopped");
      },
      async power() {
        failIfTold("power");
        if (hanging.has(name)) return new Promise<never>(() => {});
        return powerNow();
      },
      async endpoint() {
        failIfTold("endpoint");
        return { address: addressOf(name), sshPort, dockerPort };
      },
      consoleTail: async (lines) => (consoles.get(name) ?? []).slice(-lines),
      files: provider.filesIn(places.directory),
      ...(provider.usageOf && {
        usage: async () => (powerNow() === "running" ? provider.usageOf?.(name) : undefined),
      }),
      ...(provider.capabilities.suspension && {
        suspension: {
          async suspend(operation) {
            begin("suspend", name, operation);
            await switchOff(name, "suspended");
          },
        },
      }),
      ...(provider.capabilities.snapshots && { snapshots: snapshotsOf(name) }),
      ...(provider.capabilities.resizing && {
        resizing: createFakeResizing(record, (operation) => begin("resize", name, operation)),
      }),
      ...(provider.capabilities.sharing && createFakeSharing(record)),
      ...(provider.capabilities.portable && {
        portable: createFakePortable(record, {
          directory: places.directory,
          begin: (operation) => begin("adopt disk", name, operation),
          switchOff: () => powers.set(name, "stopped"),
        }),
      }),
      ...(provider.capabilities.forwards && { forwards: forwardsOf(name) }),
    };
  }

  return provider;
}

function guestOf(wanted: FakeProvider["guest"], images: BootImages | undefined): Guest {
  if (typeof wanted !== "function") return wanted;
  if (images === undefined) throw new Error("there are no images");
  return wanted(images);
}
