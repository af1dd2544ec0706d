import * as z from "zod";
import { architectureSchema } from "../../../host/architecture.ts";
import { expectableOutcomeSchema } from "../../report/outcome.ts";
import { axesSchema } from "../axes.ts";
import { keyDescriptions } from "./key-descriptions.ts";
import { integerSchema, lineSchema, nameSchema, oneOrMore, versionSchema } from "./scalars.ts";

const { cgroup, iptables } = axesSchema.shape;

const kernelSchema = oneOrMore(versionSchema).describe(keyDescriptions.kernel);
const engineSchema = oneOrMore(versionSchema).describe(keyDescriptions.engine);

const furtherAxesShape = {
  "storage-driver": oneOrMore(nameSchema)
    .exactOptional()
    .describe(keyDescriptions["storage-driver"]),
  cgroup: oneOrMore(z.enum(cgroup.unwrap().options))
    .exactOptional()
    .describe(keyDescriptions.cgroup),
  iptables: oneOrMore(z.enum(iptables.unwrap().options))
    .exactOptional()
    .describe(keyDescriptions.iptables),
  arch: oneOrMore(architectureSchema).exactOptional().describe(keyDescriptions.arch),
  memory: oneOrMore(integerSchema(256, 16_777_216))
    .exactOptional()
    .describe(keyDescriptions.memory),
  cpus: oneOrMore(integerSchema(1, 64)).exactOptional().describe(keyDescriptions.cpus),
};

/** The axes of a matrix: what each machine has is one of the values of each. */
export const axesShape = { kernel: kernelSchema, engine: engineSchema, ...furtherAxesShape };

/** Some of the axes, each with the values that are meant. */
export const someAxesSchema = z.strictObject({
  kernel: kernelSchema.exactOptional().describe(keyDescriptions.kernel),
  engine: engineSchema.exactOptional().describe(keyDescriptions.engine),
  ...furtherAxesShape,
});
export type SomeAxes = z.output<typeof someAxesSchema>;

/** Which cells are expected to fail, and why. */
export const xfailSchema = z.strictObject({
  ...someAxesSchema.shape,
  workload: oneOrMore(nameSchema).exactOptional().describe(keyDescriptions.workload),
  outcome: oneOrMore(expectableOutcomeSchema).exactOptional().describe(keyDescriptions.outcome),
  reason: lineSchema.describe(keyDescriptions.reason),
});
