import * as z from "zod";
import { lockedInputSchema } from "../image-lock.ts";

const inputsSchema = z.array(lockedInputSchema.readonly()).readonly();

export const kernelWishSchema = z.discriminatedUnion("kind", [
  /** The one that the recipe names for this flavour; "cloud" unless given. */
  z.object({ kind: z.literal("default"), flavour: z.literal("full").optional() }),
  /** One of Debian's: "6.1", "6.12-full", "6.12.107". */
  z.object({ kind: z.literal("choice"), text: z.string() }),
  /** What somebody has built: the inputs "vmlinuz" and "modules.tar", perhaps "config". */
  z.object({ kind: z.literal("files"), inputs: inputsSchema }),
  /** Packages from no archive: inputs whose names end in ".deb". */
  z.object({ kind: z.literal("packages"), inputs: inputsSchema }),
]);

/** Which kernel a boot image is to have. */
export type KernelWish = Readonly<z.infer<typeof kernelWishSchema>>;

/** Of the inputs of a kernel that somebody has built. */
export const kernelInputNames = {
  image: "vmlinuz",
  modules: "modules.tar",
  config: "config",
} as const;
