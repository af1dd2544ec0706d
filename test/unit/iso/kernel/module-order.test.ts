import { expect, test } from "vitest";
import { loadOrder, modulesDep } from "../../../../src/iso/kernel/module-order.ts";

const module = (name: string, depends: readonly string[] = [], path = `kernel/${name}.ko`) => ({
  ...{ name, depends, path },
});
const modules = [
  module("failover"),
  module("net_failover", ["failover"], "kernel/net-failover.ko.xz"),
  module("virtio_net", ["net_failover", "failover"]),
  module("stp"),
];

test.each([
  ["a module alone", ["stp"], ["stp"]],
  ["needs first", ["virtio-net"], ["failover", "net_failover", "virtio_net"]],
  [
    "each once",
    ["virtio_net", "failover", "virtio_net"],
    ["failover", "net_failover", "virtio_net"],
  ],
  ["nothing for what is built in or not there", ["ext4"], []],
])("the order to load modules in has %s", (_, names, order) => {
  expect(loadOrder(modules, names)).toEqual(order);
});

test("modules.dep names for every module all that it needs, what is loaded first at the end", () => {
  expect(modulesDep(modules)).toBe(
    [
      "kernel/failover.ko:",
      "kernel/net-failover.ko.xz: kernel/failover.ko",
      "kernel/virtio_net.ko: kernel/net-failover.ko.xz kernel/failover.ko",
      "kernel/stp.ko:",
      "",
    ].join("\n"),
  );
});
