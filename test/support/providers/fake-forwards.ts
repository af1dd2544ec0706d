import { isDeepStrictEqual } from "node:util";
import { TsmachineError } from "../../../src/errors/tsmachine-error.ts";
import type { Forward, Forwards } from "../../../src/providers/provider.ts";

interface FakeForwards {
  /** The instance's name. */
  readonly name: string;
  /** Of all instances, by name; they share this host. */
  readonly all: Map<string, Forward[]>;
  readonly takenPorts: ReadonlySet<number>;
  isOn(): boolean;
}

/** Forwards that are entries of a list; nothing listens. */
export function createFakeForwards({ name, all, takenPorts, isOn }: FakeForwards): Forwards {
  const own = () => {
    if (!isOn()) throw new TsmachineError("QMP_UNREACHABLE", `machine "${name}" does not answer`);
    const forwards = all.get(name) ?? [];
    all.set(name, forwards);
    return forwards;
  };
  const isTaken = ({ protocol, hostAddress, hostPort }: Forward) =>
    takenPorts.has(hostPort) ||
    [...all.values()]
      .flat()
      .some((one) => isDeepStrictEqual([one.protocol, one.hostPort], [protocol, hostPort])) ||
    hostAddress.includes(":");
  return {
    list: async () => [...own()],
    async add(forward) {
      const forwards = own();
      if (forwards.some((one) => isDeepStrictEqual(one, forward))) return;
      if (isTaken(forward)) {
        const { hostPort, protocol, hostAddress } = forward;
        throw new TsmachineError(
          "PORT_UNAVAILABLE",
          `port ${hostPort}/${protocol} of ${hostAddress} is in use by another program`,
        );
      }
      forwards.push(forward);
    },
    async remove(forward) {
      const forwards = own();
      const index = forwards.findIndex((one) => isDeepStrictEqual(one, forward));
      if (index >= 0) forwards.splice(index, 1);
    },
  };
}
