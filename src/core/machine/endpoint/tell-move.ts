import type { Endpoint } from "../../../providers/provider.ts";
import type { MachineRecord } from "../../../store/record.ts";
import type { Context } from "../../context.ts";

/** Where a machine was reached and is reached, as records have it. */
export interface Move {
  readonly from: Endpoint | undefined;
  readonly to: Endpoint | undefined;
}

/** Whether both are known and differ. */
export function hasMoved({ from, to }: Move): boolean {
  return from !== undefined && to !== undefined && describeMove({ from, to }) !== "";
}

/** What differs: "address from 192.0.2.7 to 192.0.2.8, Docker port from 2376 to 2377". */
export function describeMove({ from, to }: Move): string {
  const parts = [
    { what: "address", is: from?.address, willBe: to?.address },
    { what: "Docker port", is: from?.dockerPort, willBe: to?.dockerPort },
    { what: "SSH port", is: from?.sshPort, willBe: to?.sshPort },
  ];
  return parts
    .filter(({ is, willBe }) => is !== willBe)
    .map(({ what, is, willBe }) => `${what} from ${is ?? "none"} to ${willBe ?? "none"}`)
    .join(", ");
}

/** Tells the user, in one line, that a machine is reached elsewhere than before. */
export function tellMove(
  context: Pick<Context, "warn">,
  { name, dockerContext }: Pick<MachineRecord, "name" | "dockerContext">,
  { isPublished, ...move }: Move & { readonly isPublished: boolean },
): void {
  if (!hasMoved(move)) return;
  const registered =
    dockerContext !== undefined && isPublished
      ? `; docker context "${dockerContext}" is up to date`
      : "";
  context.warn(
    `machine "${name}" has moved: ${describeMove(move)}; where its settings are in use, evaluate them again: eval "$(tsmachine env ${name})"${registered}`,
  );
}
