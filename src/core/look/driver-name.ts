import type { Provider } from "../../providers/provider.ts";
import type { MachineRecord } from "../../store/record.ts";

/** The machine's provider by the name that the user chose it by: "qemu" after `create -d qemu`. */
export function driverNameOf({
  provider,
}: {
  readonly provider: Pick<MachineRecord["provider"], "id" | "givenId">;
}): string {
  return provider.givenId ?? provider.id;
}

/** Every name of the machine's provider. */
export function driverNamesOf(
  providers: readonly Provider[],
  { provider }: Pick<MachineRecord, "provider">,
): readonly string[] {
  const aliases = providers.find(({ id }) => id === provider.id)?.aliases ?? [];
  return [provider.id, ...aliases, ...(provider.givenId === undefined ? [] : [provider.givenId])];
}
