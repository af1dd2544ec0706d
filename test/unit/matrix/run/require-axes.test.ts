import { expect, test } from "vitest";
import { parseKernelConfig } from "../../../../src/iso/kernel/config/kernel-config.ts";
import { requireAxes } from "../../../../src/matrix/run/require-axes.ts";

const cell = { kernel: "6.18", engine: "26.1" };
const lacking = parseKernelConfig("CONFIG_CGROUPS=y\n", "config");
const whole = parseKernelConfig(
  "CONFIG_OVERLAY_FS=m\nCONFIG_CGROUP_DEVICE=y\nCONFIG_IP_NF_FILTER=m\nCONFIG_IP_NF_NAT=m\n",
  "config",
);

test.each([
  [
    { iptables: "legacy" },
    /iptables=legacy does not work on kernel 6\.18\.1, which lacks CONFIG_IP_NF_FILTER/,
  ],
  [
    { cgroup: "v1" },
    /cgroup=v1 does not work on kernel 6\.18\.1, which lacks CONFIG_CGROUP_DEVICE/,
  ],
  [
    { storageDriver: "overlay2" },
    /storage-driver=overlay2 does not work on kernel 6\.18\.1, which lacks CONFIG_OVERLAY_FS/,
  ],
] as const)("a kernel without what %j needs is refused by the option's name", (axes, message) => {
  expect(() => requireAxes({ ...cell, ...axes }, lacking, "6.18.1")).toThrow(message);
  requireAxes({ ...cell, ...axes }, whole, "6.18.1");
});

test("other axes need nothing of the kernel", () => {
  requireAxes({ ...cell, cgroup: "v2", iptables: "nft", storageDriver: "vfs" }, lacking, "6.18.1");
});
