import { expect, test } from "vitest";
import {
  addCommand,
  isRemoved,
  parseForwards,
  removeCommand,
} from "../../../../src/providers/kvm/network/usernet.ts";
import type { Forward } from "../../../../src/providers/provider.ts";

/** Of QEMU 10.0.2, while docker's CLI was connected. */
const usernet = [
  "Hub -1 (network):",
  "  Protocol[State]    FD  Source Address  Port   Dest. Address  Port RecvQ SendQ",
  "  TCP[HOST_FORWARD]  27       127.0.0.1  8081      10.0.2.127  8081     0     0",
  "  TCP[ESTABLISHED]   26       127.0.0.1 35663       10.0.2.15  2376     0     0",
  "  TCP[TIME_WAIT]     24       127.0.0.1  8080       10.0.2.15  8080     0     0",
  "  TCP[HOST_FORWARD]  13       127.0.0.1 35663       10.0.2.15  2376     0     0",
  "  UDP[HOST_FORWARD]  21               *  9053       10.0.2.15    53     0     0",
  "",
].join("\r\n");

const dns: Forward = {
  ...{ protocol: "udp", hostAddress: "0.0.0.0", hostPort: 9053, guestPort: 53 },
  guestSide: "all",
};

test("forwards are told from connections", () => {
  const tcp = { protocol: "tcp", hostAddress: "127.0.0.1" };
  expect(parseForwards(usernet)).toEqual([
    { ...tcp, hostPort: 8081, guestPort: 8081, guestSide: "loopback" },
    { ...tcp, hostPort: 35663, guestPort: 2376, guestSide: "all" },
    dns,
  ]);
});

test("a network without forwards has none", () => {
  expect(parseForwards("")).toEqual([]);
});

test("a forward is added to the guest's own address, or to the one that leads to its loopback", () => {
  expect(addCommand(dns)).toBe("hostfwd_add network udp:0.0.0.0:9053-:53");
  expect(addCommand({ ...dns, guestSide: "loopback" })).toBe(
    "hostfwd_add network udp:0.0.0.0:9053-10.0.2.127:53",
  );
});

test("a forward is removed by its end on the host", () => {
  expect(removeCommand(dns)).toBe("hostfwd_remove network udp:0.0.0.0:9053");
});

test.each([
  ["", true],
  ["host forwarding rule for tcp:127.0.0.1:8080 removed\r\n", true],
  ["host forwarding rule for tcp:127.0.0.1:8080 not found\r\n", true],
  ["invalid format\r\n", false],
])("%j says whether a forward is gone: %s", (answer, isGone) => {
  expect(isRemoved(answer)).toBe(isGone);
});
