import * as z from "zod";
import { lockedInputSchema } from "../image-lock.ts";

export const engineWishSchema = z.discriminatedUnion("kind", [
  /** The one of the recipe's suite. */
  z.object({ kind: z.literal("default") }),
  /** One of Debian's, on the userland of its own suite: "20.10", "28.5.2". */
  z.object({ kind: z.literal("choice"), text: z.string() }),
  /** What an archive in the layout of upstream's static builds holds; see keepEngineArchive. */
  z.object({ kind: z.literal("archive"), input: lockedInputSchema.readonly() }),
]);

/** Which engine an engine image is to have. */
export type EngineWish = Readonly<z.infer<typeof engineWishSchema>>;
