// QEMU's firmware descriptors: JSON files by which packages of firmware say what they hold.
// https://www.qemu.org/docs/master/interop/firmware.json (docs/interop/firmware.json of QEMU)

import * as z from "zod";
import { parseJson } from "../../../bytes/parse-json.ts";
import type { Architecture } from "../../../host/architecture.ts";

/** UEFI firmware as QEMU takes it. */
export type Firmware =
  /** Flash chips: the program, and a template of the variables, of which each machine has a copy. */
  | { readonly kind: "flash"; readonly program: FlashFile; readonly variables: FlashFile }
  /** One file for `-bios`; its variables are gone after each boot. */
  | { readonly kind: "memory"; readonly path: string };

export interface FlashFile {
  readonly path: string;
  readonly format: "raw" | "qcow2";
}

/** The UEFI firmware that the text describes; undefined unless it suits such a machine as it is. */
export function parseDescriptor(text: string, architecture: Architecture): Firmware | undefined {
  const { data } = descriptorSchema.safeParse(parseJson(text));
  if (data === undefined) return undefined;
  const { target, machine } = targets[architecture];
  const isForMachine = data.targets.some(
    ({ architecture: name, machines }) =>
      name === target && machines.some((pattern) => pattern.startsWith(machine)),
  );
  const isUefi = data["interface-types"].includes("uefi");
  const isPlain = !data.features.some((feature) => unsuitable.includes(feature));
  return isForMachine && isUefi && isPlain ? data.mapping : undefined;
}

const targets = {
  amd64: { target: "x86_64", machine: "pc-q35-" },
  arm64: { target: "aarch64", machine: "virt-" },
} as const satisfies Record<Architecture, { target: string; machine: string }>;

/** What a machine would need more for, or what keeps it from booting what nobody has signed. */
const unsuitable = ["requires-smm", "enrolled-keys", "amd-sev-es", "amd-sev-snp", "intel-tdx"];

const flashFileSchema = z
  .object({ filename: z.string(), format: z.enum(["raw", "qcow2"]) })
  .transform(({ filename, format }): FlashFile => ({ path: filename, format }));

const mappingSchema = z.discriminatedUnion("device", [
  z
    .object({
      device: z.literal("flash"),
      mode: z.literal("split").default("split"),
      executable: flashFileSchema,
      "nvram-template": flashFileSchema,
    })
    .transform(
      ({ executable, "nvram-template": variables }): Firmware => ({
        kind: "flash",
        program: executable,
        variables,
      }),
    ),
  z
    .object({ device: z.literal("memory"), filename: z.string() })
    .transform(({ filename }): Firmware => ({ kind: "memory", path: filename })),
]);

const descriptorSchema = z.object({
  "interface-types": z.array(z.string()),
  mapping: mappingSchema,
  targets: z.array(z.object({ architecture: z.string(), machines: z.array(z.string()) })),
  features: z.array(z.string()),
});
