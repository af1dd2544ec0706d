import type { Node } from "web-tree-sitter";
import type { Cmdlets } from "./cmdlets/cmdlet.ts";
import { ownFunctions } from "./cmdlets/own-functions.ts";
import { commandsOf } from "./commands/command.ts";
import { commandFaults } from "./commands/command-faults.ts";
import { type Fault, inReadingOrder } from "./fault.ts";
import { grammarFaults } from "./syntax/grammar-faults.ts";
import { loneTry } from "./syntax/lone-try.ts";
import { newerOperators } from "./syntax/newer-operators.ts";
import { outlineOf } from "./syntax/outline.ts";
import { withParsed } from "./syntax/parse.ts";
import { textAsScript } from "./syntax/text-as-script.ts";
import { typographicCharacters } from "./syntax/typographic-characters.ts";
import { multipliers } from "./values/multipliers.ts";

/**
 * Finds what Windows PowerShell 5.1 would refuse in the script, and what no script of ours may do.
 * A script that does not parse is not run at all: nothing else is said of it.
 */
export async function checkScript(text: string, cmdlets: Cmdlets): Promise<readonly Fault[]> {
  const { code, unbalanced } = outlineOf(text);
  const unreadable = [...typographicCharacters(text), ...(unbalanced ? [unbalanced] : [])];
  if (unreadable.length > 0) return inReadingOrder(unreadable);
  const newer = newerOperators(code);
  if (newer.length > 0) return newer;
  return withParsed(text, (root) => {
    const faults = [...grammarFaults(root), ...loneTry(root)];
    return inReadingOrder(faults.length > 0 ? faults : faultsOf(root, cmdlets));
  });
}

function faultsOf(root: Node, cmdlets: Cmdlets): readonly Fault[] {
  const known = new Map([...cmdlets, ...ownFunctions(root)]);
  return [
    ...multipliers(root),
    ...textAsScript(root),
    ...commandsOf(root).flatMap((command) => commandFaults(command, known)),
  ];
}
