import * as z from "zod";
import { keyDescriptions } from "./key-descriptions.ts";
import { oneOrMore, textSchema } from "./scalars.ts";

const sha256Schema = textSchema
  .regex(/^[0-9a-f]{64}$/, { error: "is no SHA-256 of 64 hexadecimal digits" })
  .meta({ type: "string" });

/** A kernel of the user's own. Either `image` and `modules` or `packages` are there. */
export const ownKernelSchema = z
  .strictObject({
    image: textSchema.exactOptional().describe(keyDescriptions.image),
    modules: textSchema.exactOptional().describe(keyDescriptions.modules),
    config: textSchema.exactOptional().describe(keyDescriptions.config),
    packages: oneOrMore(textSchema).exactOptional().describe(keyDescriptions.packages),
  })
  .meta({
    oneOf: [
      { required: ["image", "modules"], not: { required: ["packages"] } },
      {
        required: ["packages"],
        not: { anyOf: [{ required: ["image"] }, { required: ["config"] }] },
      },
    ],
  });
export type OwnKernel = z.output<typeof ownKernelSchema>;

/** An engine of the user's own. */
export const ownEngineSchema = z.strictObject({
  archive: textSchema.describe(keyDescriptions.archive),
  sha256: sha256Schema.exactOptional().describe(keyDescriptions.sha256),
});
export type OwnEngine = z.output<typeof ownEngineSchema>;
