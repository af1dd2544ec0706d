import { TsmachineError } from "../../errors/tsmachine-error.ts";
import type { KernelConfig } from "../../iso/kernel/config/kernel-config.ts";
import type { Axes } from "../definition/axes.ts";

/**
 * Refuses a kernel whose configuration lacks what the cell's axes need besides what every engine does.
 * @param release the kernel's, for messages
 * @throws TsmachineError KERNEL_UNSUITABLE
 */
export function requireAxes(
  { cgroup, iptables }: Axes,
  { options }: KernelConfig,
  release: string,
): void {
  const needs = [
    ...(cgroup === "v1" ? [{ axis: "cgroup=v1", option: "CGROUP_DEVICE" }] : []),
    ...(iptables === "legacy"
      ? ["IP_NF_FILTER", "IP_NF_NAT"].map((option) => ({ axis: "iptables=legacy", option }))
      : []),
  ];
  const missing = needs.find(({ option }) => !options.has(option));
  if (missing === undefined) return;
  throw new TsmachineError(
    "KERNEL_UNSUITABLE",
    `${missing.axis} does not work on kernel ${release}, which lacks CONFIG_${missing.option}`,
    {
      hints: [
        "leave the cell out with exclude, or expect it with xfail and `outcome: unsupported`",
      ],
    },
  );
}
