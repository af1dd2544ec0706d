import { TsmachineError } from "../../errors/tsmachine-error.ts";
import type { KernelConfig } from "../../iso/kernel/config/kernel-config.ts";
import type { Axes } from "../definition/axes.ts";

/**
 * Refuses a kernel whose configuration lacks what the cell's axes need besides what every engine does.
 * @param release the kernel's, for messages
 * @throws TsmachineError KERNEL_UNSUITABLE
 */
export function requireAxes(axes: Axes, { options }: KernelConfig, release: string): void {
  const missing = needsOf(axes).find(({ option }) => !options.has(option));
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

interface Need {
  /** As in the cell's identity: "cgroup=v1". */
  readonly axis: string;
  /** The kernel's, without CONFIG_. */
  readonly option: string;
}

function needsOf({ storageDriver, cgroup, iptables }: Axes): Need[] {
  const needs = (axis: string, options: readonly string[]) =>
    options.map((option) => ({ axis, option }));
  return [
    ...needs(`storage-driver=${storageDriver}`, optionsOfDrivers.get(storageDriver ?? "") ?? []),
    ...needs("cgroup=v1", cgroup === "v1" ? ["CGROUP_DEVICE"] : []),
    ...needs("iptables=legacy", iptables === "legacy" ? ["IP_NF_FILTER", "IP_NF_NAT"] : []),
  ];
}

/** Of drivers that a machine can have at all; see whyImpossible. "overlayfs" is containerd's name. */
const optionsOfDrivers: ReadonlyMap<string, readonly string[]> = new Map([
  ["overlay", ["OVERLAY_FS"]],
  ["overlay2", ["OVERLAY_FS"]],
  ["overlayfs", ["OVERLAY_FS"]],
]);
