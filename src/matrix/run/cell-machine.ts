import { randomBytes } from "node:crypto";
import type { BootLimits } from "../../core/machine/boot.ts";
import type { CreateRequest } from "../../core/machine/create.ts";
import type { ProcessIdentity } from "../../host/processes/process-identity.ts";
import type { Axes } from "../definition/axes.ts";
import type { Cell } from "../definition/matrix.ts";
import { sizeOf } from "./capacity.ts";
import { type ImageNames, imagesOf } from "./image-selection.ts";

export interface CellMachine extends BootLimits {
  /** A provider's id. */
  readonly providerId: string;
  readonly names: ImageNames;
  /** The process whose run the machine is for. */
  readonly user: ProcessIdentity;
  /** Whether its provider gives kernels arguments. */
  readonly takesArguments: boolean;
}

/** A kernel's first complaint is its best, and 128 KiB, which most have, are soon written over. */
const roomForMessages = "log_buf_len=2M";

/** What is asked for to try a cell: a machine that nobody else knows of, under a name that none has. */
export function requestFor(
  { id, axes, workload }: Cell,
  { providerId, names, user, takesArguments, bootTimeoutMs }: CellMachine,
): CreateRequest {
  return {
    name: machineNameFor(id),
    providerId,
    providerOptions: { ...sizeOf(axes) },
    images: imagesOf(axes, names),
    engine: {
      ...{ labels: [], registryMirrors: [], insecureRegistries: [], arbitraryFlags: [] },
      environment: {},
      ...(axes.storageDriver !== undefined && { storageDriver: axes.storageDriver }),
    },
    tlsSans: [],
    registersContext: false,
    folders: [],
    kernelArguments: [
      ...(takesArguments ? [roomForMessages] : []),
      ...argumentsFor(axes),
      ...workload.kernelArguments,
    ],
    ...{ user, cell: id, workload: workload.name, bootTimeoutMs },
  };
}

/** What the guest does otherwise is asked for by words on the kernel's command line; see docs/guest.md. */
function argumentsFor({ cgroup, iptables }: Axes): string[] {
  return [
    ...(cgroup === "v1" ? ["tsmachine.cgroup=v1"] : []),
    ...(iptables === "legacy" ? ["tsmachine.iptables=legacy"] : []),
  ];
}

/** Long enough to tell machines apart, short enough for a host name. */
const maxIdLength = 40;

/** "matrix-6.1-26.1-5f3a9c" */
function machineNameFor(cell: string): string {
  const words = cell
    .replace(/[^0-9A-Za-z.]+/g, "-")
    .slice(0, maxIdLength)
    .split(".")
    .map((label) => label.replace(/^-+|-+$/g, ""))
    .filter((label) => label !== "");
  return `matrix-${words.join(".")}-${randomBytes(3).toString("hex")}`;
}
