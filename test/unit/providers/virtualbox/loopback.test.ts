import { expect, test } from "vitest";
import { codes, virtualBoxFailed } from "../../../../src/providers/virtualbox/failure.ts";
import type { Client } from "../../../../src/providers/virtualbox/soap/connection.ts";
import { configureMachine } from "../../../../src/providers/virtualbox/webservice/hardware.ts";

const hardware = {
  ...{ memoryMiB: 512, cpuCount: 1, consoleLog: "/m/console.log", hostOnly: undefined },
  nat: { type: "virtio", mac: "08:00:27:0a:0b:0c", hasDnsProxy: true, hasHostResolver: false },
} as const;

/** A web service of this version, and what it was told with arguments. Whatever it gives back takes calls too. */
function serviceOf(apiVersion: string) {
  const told: string[] = [];
  const object: Record<string, unknown> = new Proxy(
    { __object: "reference" },
    {
      get: (_, method) => {
        if (method === "then") return undefined;
        if (method === "__object") return "reference";
        return async (...args: unknown[]) => {
          if (method === "getAPIVersion") return apiVersion;
          if (method === "getState") return "Unlocked";
          told.push([String(method), ...args.filter((one) => typeof one !== "object")].join(" "));
          if (method === "setLocalhostReachable" && apiVersion === "6_1") throw unknownMethod;
          return object;
        };
      },
    },
  );
  const client: Client = Object.assign(Object.create(null), {
    ...{ signal: new AbortController().signal, virtualBox: object, patience: 1 },
    ...{ newSession: async () => object, session: () => object, unhurried: () => client },
    callByHand: async () => "reference",
  });
  return { client, told };
}

const unknownMethod = virtualBoxFailed(
  {
    message: "Method 'vbox:INATEngine_setLocalhostReachable' not implemented",
    code: codes.failure,
  },
  [],
);

test.each([
  ["6_1", false],
  ["7_0", true],
  ["7_2", true],
])(
  "a web service of %s is told to let guests reach the host's loopback: %s",
  async (apiVersion, isTold) => {
    const { client, told } = serviceOf(apiVersion);
    await configureMachine(client, "uuid", hardware);
    expect(told.includes("setLocalhostReachable true")).toBe(isTold);
    expect(told).toContain("setDNSProxy true");
  },
);
