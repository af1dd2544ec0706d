import type { Fault } from "../fault.ts";
import { faultAt } from "../syntax/nodes.ts";
import type { Command } from "./command.ts";

/**
 * ConvertTo-Json cuts off below two levels unless told how deep to go, and by the pipeline one thing is
 * no list and no thing is no text.
 */
export function jsonFaults({ node, arguments: given }: Command): readonly Fault[] {
  const names = given.map((argument) => (argument.kind === "parameter" ? argument.name : ""));
  const missing = ["InputObject", "Depth"].filter(
    (wanted) => !names.some((name) => name.toLowerCase() === wanted.toLowerCase()),
  );
  return missing.map((name) => faultAt(node, `ConvertTo-Json needs -${name} here`));
}
