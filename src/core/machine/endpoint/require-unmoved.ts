import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import { type Context, operationFor } from "../../context.ts";
import type { OpenMachine } from "../open-machine.ts";
import { isDynamic } from "./dynamic.ts";
import { describeMove, hasMoved } from "./tell-move.ts";

/**
 * Refuses a machine that runs and is known to be reached elsewhere than its record says: its
 * certificate is not for that address. Only providers of dynamic endpoints are asked.
 * @throws TsmachineError ENDPOINT_CHANGED
 */
export async function requireUnmoved(
  context: Context,
  { record, instance }: OpenMachine,
): Promise<void> {
  if (!(await isDynamic(context, record))) return;
  const { name, endpoint: from } = record;
  const to = await instance.endpoint(operationFor(context));
  if (to.address === "" || !hasMoved({ from, to })) return;
  throw new TsmachineError(
    "ENDPOINT_CHANGED",
    `machine "${name}" has moved: ${describeMove({ from, to })}`,
    { hints: [howToFind(name)], context: { name, from: from?.address, to: to.address } },
  );
}

/** What to do where a machine is not reached at its recorded address any more. */
export function howToFind(name: string): string {
  return `reach it where it is now with \`tsmachine start ${name}\`, then evaluate \`tsmachine env ${name}\` again`;
}
