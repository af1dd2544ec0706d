import type { Control } from "../control.ts";

/** What keeps an adapter. */
export interface AdapterUser {
  readonly uuid: string;
  /** Of one that VirtualBox cannot read nobody knows what it is on. */
  readonly isReadable: boolean;
}

/** A machine of this VirtualBox that is on the adapter, or may be. */
export async function findUser(
  adapter: string,
  control: Pick<Control, "listMachines" | "readMachine">,
): Promise<AdapterUser | undefined> {
  let unreadable: AdapterUser | undefined;
  for (const { uuid } of await control.listMachines()) {
    const machine = await control.readMachine(uuid);
    // Somebody has removed it since the list was made.
    if (machine === undefined) continue;
    if (machine.adapters.includes(adapter)) return { uuid, isReadable: true };
    if (machine.state === "inaccessible") {
      unreadable ??= { uuid, isReadable: false };
    }
  }
  return unreadable;
}
