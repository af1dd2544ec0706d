import { z } from "zod";

export const engineWishSchema = z.discriminatedUnion("kind", [
  /** The one of the recipe's suite. */
  z.object({ kind: z.literal("default") }),
  /** One of Debian's: "20.10", "28.5.2". */
  z.object({ kind: z.literal("choice"), text: z.string() }),
]);

/** Which engine an engine image is to have. */
export type EngineWish = Readonly<z.infer<typeof engineWishSchema>>;
