import * as z from "zod";
import { architectureSchema } from "../../host/architecture.ts";

/** What a machine of the matrix is made of. What is not there is as `create` has it by default. */
export const axesSchema = z.object({
  /** As for `create --kernel`: "6.1", "6.12-full", "7.3". */
  kernel: z.string().min(1),
  /** As for `create --engine-version`: "26.1". */
  engine: z.string().min(1),
  storageDriver: z.string().min(1).exactOptional(),
  /** The version of the control groups that the guest mounts. */
  cgroup: z.enum(["v1", "v2"]).exactOptional(),
  /** What the engine writes its rules with. */
  iptables: z.enum(["nft", "legacy"]).exactOptional(),
  architecture: architectureSchema.exactOptional(),
  memoryMiB: z.number().int().min(1).exactOptional(),
  cpus: z.number().int().min(1).exactOptional(),
});
export type Axes = Readonly<z.infer<typeof axesSchema>>;

/** The axes besides kernel and engine, and how they are called in identities and on the command line. */
export const furtherAxes = [
  ["storageDriver", "storage-driver"],
  ["cgroup", "cgroup"],
  ["iptables", "iptables"],
  ["architecture", "arch"],
  ["memoryMiB", "memory"],
  ["cpus", "cpus"],
] as const satisfies readonly (readonly [Exclude<keyof Axes, "kernel" | "engine">, string])[];

/** The axes as text, which is the same for the same axes: "6.1/26.1/storage-driver=vfs/cpus=2". */
export function cellId(axes: Axes): string {
  const further = furtherAxes.flatMap(([axis, word]) =>
    axes[axis] === undefined ? [] : [`${word}=${axes[axis]}`],
  );
  return [axes.kernel, axes.engine, ...further].join("/");
}
