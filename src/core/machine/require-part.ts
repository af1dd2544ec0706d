import { TsmachineError } from "../../errors/tsmachine-error.ts";
import type { MachineRecord } from "../../store/record.ts";

/**
 * A part of an instance that not all providers have.
 * @param ability what machines without it cannot do: "be suspended"
 * @throws TsmachineError CAPABILITY_MISSING
 */
export function requirePart<Part>(
  part: Part | undefined,
  { name, provider }: Pick<MachineRecord, "name" | "provider">,
  ability: string,
): Part {
  if (part !== undefined) return part;
  throw new TsmachineError(
    "CAPABILITY_MISSING",
    `machines of provider ${provider.id} cannot ${ability} (machine "${name}")`,
    {
      hints: [`create a machine of a provider that can, such as \`--driver kvm\``],
      context: { name, provider: provider.id },
    },
  );
}
