import { TsmachineError } from "../../errors/tsmachine-error.ts";
import type { Instance, Portable, PowerState, Provider } from "../../providers/provider.ts";
import type { MachineRecord } from "../../store/record.ts";
import { type Context, operationFor } from "../context.ts";
import { type OpenMachine, openMachine } from "../machine/open-machine.ts";
import { requireSettled } from "../machine/require-settled.ts";
import { requirePresent } from "../machine/shut-down.ts";

/** "cloned", in `machine "dev" cannot be cloned`. */
export type Copying = "cloned" | "exported";

export interface PortableMachine extends OpenMachine {
  readonly portable: Portable;
}

/**
 * The machine, which must be whole, off, and all in its folder, so that a copy of its disk is good. The caller holds its
 * lock.
 * @throws TsmachineError CAPABILITY_MISSING, MACHINE_INCOMPLETE, MACHINE_NOT_STOPPED, INSTANCE_MISSING and those of
 *   openMachine
 */
export async function openPortable(
  context: Context,
  name: string,
  copying: Copying,
): Promise<PortableMachine> {
  const machine = await openMachine(context, name);
  const { record, instance } = machine;
  const portable = portableOf(instance, record);
  requireWhole(record);
  requireSettled(record);
  const power = await instance.power(operationFor(context));
  requirePresent(name, power);
  if (power !== "stopped") throw notStopped(name, { power, copying });
  return { ...machine, portable };
}

/** @throws TsmachineError CAPABILITY_MISSING */
export function portableOf(
  { portable }: Pick<Instance, "portable">,
  { name, provider }: Pick<MachineRecord, "name" | "provider">,
): Portable {
  if (portable !== undefined) return portable;
  throw notPortable(provider.id, { name });
}

/** @throws TsmachineError CAPABILITY_MISSING */
export function replanOf({ id, replan }: Provider): NonNullable<Provider["replan"]> {
  if (replan !== undefined) return replan;
  throw notPortable(id, {});
}

function notPortable(id: string, context: { readonly name?: string }): TsmachineError {
  return new TsmachineError(
    "CAPABILITY_MISSING",
    `machines of provider ${id} can be neither cloned nor exported: they are not all in their folder, but also what their hypervisor or host keeps`,
    {
      hints: ["use machines of a provider that can, such as `--driver kvm`"],
      context: { ...context, provider: id },
    },
  );
}

function requireWhole({ name, phase, stage }: MachineRecord): void {
  if (phase === "ready") return;
  const when = stage === undefined ? "" : ` (stage: ${stage})`;
  const what = phase === "creating" ? "creation" : "removal";
  throw new TsmachineError(
    "MACHINE_INCOMPLETE",
    `the ${what} of machine "${name}" has not ended${when}`,
    {
      hints: [
        phase === "creating"
          ? `finish it with \`tsmachine start ${name}\`, or create it again`
          : `finish it with \`tsmachine rm ${name}\``,
      ],
      context: { name, phase },
    },
  );
}

function notStopped(
  name: string,
  { power, copying }: { readonly power: PowerState; readonly copying: Copying },
): TsmachineError {
  const isHeld = power === "suspended" || power === "paused";
  return new TsmachineError(
    "MACHINE_NOT_STOPPED",
    isHeld
      ? `machine "${name}" is ${power} and cannot be ${copying}: its memory belongs to it alone`
      : `machine "${name}" is ${power} and cannot be ${copying}: its disk changes`,
    {
      hints: [
        isHeld
          ? `let it go on with \`tsmachine start ${name}\`, then shut it down with \`tsmachine stop ${name}\``
          : `shut it down with \`tsmachine stop ${name}\` first`,
      ],
      context: { name, power },
    },
  );
}
