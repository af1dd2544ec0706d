import { describe, expect, test } from "vitest";
import {
  parsePublishAddress,
  parsePublishedPorts,
} from "../../../../src/core/agent/published-ports.ts";

/** What an engine says of one container that runs. */
const listWith = (ports: readonly object[] | null, changes: object = {}) =>
  JSON.stringify([
    { Id: "0123456789abcdef", Names: ["/web"], State: "running", Ports: ports, ...changes },
  ]);

const tcp = { PrivatePort: 80, PublicPort: 8080, Type: "tcp" };
const web = { container: "web", containerPort: 80 };
const forward = { protocol: "tcp", hostPort: 8080, guestPort: 8080, guestSide: "all" };

describe("a published port", () => {
  test.each([
    ["all addresses", [{ IP: "0.0.0.0", ...tcp }], "192.0.2.1", "all"],
    [
      "all addresses of IPv4 and IPv6",
      [
        { IP: "0.0.0.0", ...tcp },
        { IP: "::", ...tcp },
      ],
      "192.0.2.1",
      "all",
    ],
    ["no address in words", [tcp], "192.0.2.1", "all"],
    ["127.0.0.1", [{ IP: "127.0.0.1", ...tcp }], "127.0.0.1", "loopback"],
    ["the address that `create` was given", [{ IP: "192.0.2.1", ...tcp }], "192.0.2.1", "all"],
  ])("at %s is bound where docker was asked", (_, ports, hostAddress, guestSide) => {
    expect(parsePublishedPorts(listWith(ports), "192.0.2.1")).toEqual([
      { ...web, forward: { ...forward, hostAddress, guestSide } },
    ]);
  });

  test("is known by its protocol: one of TCP and one of UDP are two", () => {
    const found = parsePublishedPorts(listWith([tcp, { ...tcp, Type: "udp" }]), "127.0.0.1");
    expect(found.map((port) => port.forward.protocol)).toEqual(["tcp", "udp"]);
  });

  test.each([
    ["exposed only", [{ PrivatePort: 80, Type: "tcp" }], {}],
    ["of SCTP", [{ ...tcp, Type: "sctp" }], {}],
    ["of a container that waits for its restart", [tcp], { State: "restarting" }],
    ["of a container that has none", null, {}],
    ["at what is no address, though QEMU takes it for all of them", [{ IP: "0", ...tcp }], {}],
    ["at what only begins like one", [{ IP: "127.0.0.1 -:22", ...tcp }], {}],
  ])("is none where it is %s", (_, ports, changes) => {
    expect(parsePublishedPorts(listWith(ports, changes), "127.0.0.1")).toEqual([]);
  });

  test.each(["192.0.2.7", "::1"])(
    "at %s, which this host does not have, is told with the reason",
    (IP) => {
      expect(parsePublishedPorts(listWith([{ IP, ...tcp }]), "127.0.0.1")).toEqual([
        {
          ...{ ...web, forward: { ...forward, hostAddress: IP } },
          problem: `${IP} is an address inside the machine; publish the port without an address`,
        },
      ]);
    },
  );

  test("belongs to a container's id where there is no name", () => {
    const [port] = parsePublishedPorts(listWith([tcp], { Names: null }), "127.0.0.1");
    expect(port?.container).toBe("0123456789ab");
  });
});

test.each(["", "{", '{"message":"no"}', "[1]"])("%j is no list of containers", (answer) => {
  expect(() => parsePublishedPorts(answer, "127.0.0.1")).toThrow(
    expect.objectContaining({ code: "ENGINE_UNREACHABLE" }),
  );
});

test("an address for published ports is one of IPv4", () => {
  expect(parsePublishAddress("0.0.0.0")).toBe("0.0.0.0");
  for (const text of ["", "localhost", "::1", "1.2.3"]) {
    expect(() => parsePublishAddress(text)).toThrow(
      expect.objectContaining({ code: "INVALID_INPUT" }),
    );
  }
});
