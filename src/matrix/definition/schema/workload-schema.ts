import * as z from "zod";
import { durationSchema } from "./duration.ts";
import { keyDescriptions } from "./key-descriptions.ts";
import {
  kernelArgumentSchema,
  nameSchema,
  oneOrMore,
  regularExpressionSchema,
  textSchema,
  wordSchema,
} from "./scalars.ts";

export const copySchema = z.strictObject({
  from: textSchema.describe(keyDescriptions.from),
  to: textSchema
    .regex(/^\//, { error: "is no absolute path" })
    .meta({ type: "string" })
    .describe(keyDescriptions.to),
});

export const shellSchema = z.strictObject({ shell: textSchema.describe(keyDescriptions.shell) });

/** The program may not be empty, its arguments may. */
const wordsSchema = z.tuple([textSchema], wordSchema).meta({ minItems: 1 });

/** What is run on each combination. Either `run` or `compose` is there, which the schema alone tells editors. */
export const workloadSchema = z
  .strictObject({
    name: nameSchema.describe(keyDescriptions.name),
    load: oneOrMore(textSchema).exactOptional().describe(keyDescriptions.load),
    copy: z.array(copySchema).min(1).exactOptional().describe(keyDescriptions.copy),
    run: z.union([wordsSchema, shellSchema]).exactOptional().describe(keyDescriptions.run),
    where: z.enum(["host", "guest"]).exactOptional().describe(keyDescriptions.where),
    compose: textSchema.exactOptional().describe(keyDescriptions.compose),
    service: nameSchema.exactOptional().describe(keyDescriptions.service),
    timeout: durationSchema.exactOptional().describe(keyDescriptions.timeout),
    "kernel-arguments": oneOrMore(kernelArgumentSchema)
      .exactOptional()
      .describe(keyDescriptions["kernel-arguments"]),
    "allow-splats": oneOrMore(regularExpressionSchema)
      .exactOptional()
      .describe(keyDescriptions["allow-splats"]),
  })
  .meta({
    oneOf: [
      { required: ["run"], not: { required: ["service"] } },
      { required: ["compose"], properties: { where: { const: "host" } } },
    ],
  });
export type GivenWorkload = z.output<typeof workloadSchema>;
