import { z } from "zod";
import { TsmachineError } from "../../src/errors/tsmachine-error.ts";
import type {
  Capabilities,
  Health,
  Instance,
  Operation,
  PowerState,
  Provider,
} from "../../src/providers/provider.ts";

type Change = "create" | "remove" | "start" | "stop";

export interface FakeProvider extends Provider {
  /** Calls that change something, in order: "start default". */
  readonly calls: readonly string[];
  /** The next such call on any instance throws this and does nothing. */
  failNext(change: Change, error: Error): void;
  /** What happens behind the provider's back: the plug is pulled, or the disk deleted. */
  setPower(name: string, power: PowerState): void;
  /** What the guests say on their consoles. */
  console: readonly string[];
}

const recordSchema = z.object({
  name: z.string(),
  memoryMiB: z.number(),
  sshPort: z.number(),
  dockerPort: z.number(),
});
type FakeRecord = z.infer<typeof recordSchema>;

const optionsSchema = z.object({
  memoryMiB: z.coerce
    .number()
    .int()
    .min(1)
    .default(1024)
    .meta({ flag: "memory", description: "memory of the machine in MiB" }),
});

const everything: Capabilities = {
  ownsInstance: true,
  bootsIso: true,
  suspension: false,
  snapshots: false,
  dynamicEndpoint: false,
  parallel: true,
};

/** A provider whose instances are entries of a map: they start and stop at once. */
export function createFakeProvider({
  id = "fake",
  capabilities = {},
  health = { state: "ready", version: "fake 1.0", notes: [] },
}: {
  id?: string;
  capabilities?: Partial<Capabilities>;
  health?: Health;
} = {}): FakeProvider {
  const powers = new Map<string, PowerState>();
  const calls: string[] = [];
  const failures = new Map<Change, Error>();
  let lastPort = 40_000;

  const begin = (change: Change, name: string, operation: Operation) => {
    operation.signal.throwIfAborted();
    const failure = failures.get(change);
    failures.delete(change);
    if (failure !== undefined) throw failure;
    calls.push(`${change} ${name}`);
    operation.report(`${change} ${name}`);
  };

  const provider: FakeProvider = {
    id,
    aliases: [],
    capabilities: { ...everything, ...capabilities },
    options: optionsSchema,
    check: async () => health,
    async plan(spec, options) {
      const { memoryMiB } = parseOptions(options);
      lastPort += 2;
      return { name: spec.name, memoryMiB, sshPort: lastPort - 1, dockerPort: lastPort };
    },
    open: (record) => openInstance(recordSchema.parse(record)),
    calls,
    failNext: (change, error) => void failures.set(change, error),
    setPower: (name, power) => void powers.set(name, power),
    console: ["fake guest is up"],
  };

  function openInstance(record: FakeRecord): Instance {
    const { name, sshPort, dockerPort } = record;
    const powerNow = () => powers.get(name) ?? "absent";
    return {
      async create(operation) {
        begin("create", name, operation);
        if (powerNow() === "absent") powers.set(name, "stopped");
      },
      async remove(operation) {
        begin("remove", name, operation);
        powers.delete(name);
      },
      async start(operation) {
        begin("start", name, operation);
        if (powerNow() === "absent") {
          throw new TsmachineError("INSTANCE_MISSING", `machine "${name}" has no instance`, {
            hints: ["create the machine again"],
          });
        }
        powers.set(name, "running");
        return record;
      },
      async stop(_how, operation) {
        begin("stop", name, operation);
        if (powerNow() !== "absent") powers.set(name, "stopped");
      },
      power: async () => powerNow(),
      endpoint: async () => ({ address: "127.0.0.1", sshPort, dockerPort }),
      consoleTail: async (lines) =>
        powerNow() === "running" ? provider.console.slice(-lines) : [],
      files: {},
    };
  }

  return provider;
}

function parseOptions(input: unknown): z.infer<typeof optionsSchema> {
  const result = optionsSchema.safeParse(input ?? {});
  if (result.success) return result.data;
  throw new TsmachineError("INVALID_INPUT", "options of the fake provider are wrong", {
    hints: ["give other options"],
    cause: result.error,
  });
}
