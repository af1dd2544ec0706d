import * as z from "zod";
import { optionMetaSchema } from "../../providers/option-meta.ts";

/** A provider's options and the names its flags begin with: its id, then its aliases. */
export interface FlagSource {
  readonly options: z.ZodObject;
  readonly prefixes: readonly [id: string, ...aliases: string[]];
}

/** One flag under one prefix. */
export interface FlagSpec {
  /** The field of the options it sets. */
  readonly field: string;
  /** "--kvm-memory" */
  readonly long: string;
  readonly kind: "number" | "boolean" | "string" | "list";
  readonly valueName: string;
  /** The variable that gives the value where the flag does not: "KVM_MEMORY". */
  readonly env: string;
  readonly description: string;
  readonly defaultValue: unknown;
  /** True for the flag under an alias of the provider. */
  readonly isAlias: boolean;
}

const fieldSchema = z.object({
  ...optionMetaSchema.required({ flag: true }).shape,
  type: z.enum(["number", "integer", "boolean", "string", "array"]),
  enum: z.array(z.string()).optional(),
  description: z.string().default(""),
  default: z.unknown().optional(),
});
const objectSchema = z.object({ properties: z.record(z.string(), z.unknown()) });

/**
 * Every flag of a provider, in the order of its options, each under all prefixes.
 * The JSON Schema of the options tells type, default, help and `.meta()` through all of zod's wrappers.
 * @throws Error when a field has a type that no flag can carry.
 */
export function flagSpecs({ options, prefixes }: FlagSource): FlagSpec[] {
  const json = z.toJSONSchema(options, { io: "input", unrepresentable: "any" });
  const { properties } = objectSchema.parse(json);
  return Object.entries(properties).flatMap(([field, property]) =>
    hasFlag(property) ? specsOf(field, fieldSchema.parse(property), prefixes) : [],
  );
}

function hasFlag(property: unknown): boolean {
  return z.object({ flag: z.string() }).safeParse(property).success;
}

function specsOf(
  field: string,
  property: z.infer<typeof fieldSchema>,
  prefixes: FlagSource["prefixes"],
): FlagSpec[] {
  const { flag, valueName, description } = property;
  const kind = kindOf(property.type);
  if (kind === "boolean" && property.default === true) {
    throw new Error(`option ${field} is true by default, so its flag could only say so again`);
  }
  const env = property.env ?? variableName(prefixes[0], flag);
  const hasPrefix = property.prefix !== "none";
  return (hasPrefix ? prefixes : prefixes.slice(0, 1)).map((prefix, index) => ({
    field,
    kind,
    long: hasPrefix ? `--${prefix}-${flag}` : `--${flag}`,
    valueName: valueName ?? property.enum?.join("|") ?? "VALUE",
    env: underPrefix(env, { id: prefixes[0], prefix }),
    description,
    defaultValue: property.default,
    isAlias: index > 0,
  }));
}

function kindOf(type: z.infer<typeof fieldSchema>["type"]): FlagSpec["kind"] {
  switch (type) {
    case "integer":
      return "number";
    case "array":
      return "list";
    default:
      return type;
  }
}

/** KVM_MEMORY under the prefix qemu is QEMU_MEMORY; a variable named otherwise stays as it is. */
function underPrefix(env: string, { id, prefix }: { id: string; prefix: string }): string {
  const start = variableName(id, "");
  return env.startsWith(start) ? variableName(prefix, env.slice(start.length)) : env;
}

function variableName(prefix: string, flag: string): string {
  return `${prefix}_${flag}`.replaceAll("-", "_").toUpperCase();
}
