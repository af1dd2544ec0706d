import * as z from "zod";

/**
 * What a field of a provider's options says about its command-line flag, through zod's `.meta()`;
 * the flag's help is the field's `.describe()`. Example, for provider "kvm":
 *
 *     memoryMiB: z.int().min(256).default(1024).describe("memory of the machine")
 *       .meta({ flag: "memory", valueName: "MiB" })
 *
 * gives `--kvm-memory <MiB>  memory of the machine (default: 1024, env: KVM_MEMORY)`.
 * A field without `flag` has none. Numbers, strings, enums and lists of strings (the flag may be
 * repeated) take a value; booleans take none and must be false unless given.
 */
export const optionMetaSchema = z.object({
  /** The flag's name after "--PROVIDER-". */
  flag: z.string().optional(),
  /** "none": `flag` is the whole name, as docker-machine has it, and aliases have no other. */
  prefix: z.literal("none").optional(),
  /** What stands for the value in help, such as a unit; VALUE unless given. */
  valueName: z.string().optional(),
  /** The variable that gives the value where the flag does not; PROVIDER_FLAG unless given. */
  env: z.string().optional(),
});
export type OptionMeta = z.infer<typeof optionMetaSchema>;

declare module "zod" {
  interface GlobalMeta extends OptionMeta {}
}
