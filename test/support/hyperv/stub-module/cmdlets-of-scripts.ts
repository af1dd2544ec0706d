import { programText } from "../../../../src/providers/hyperv/powershell/program.ts";
import { allScripts } from "../../../../src/providers/hyperv/scripts/all.ts";
import type { Cmdlet, Cmdlets } from "../cmdlets/cmdlet.ts";
import { commandsOf } from "../commands/command.ts";
import { withParsed } from "../syntax/parse.ts";

/** Cmdlets of Windows that scripts use, and that PowerShell does not have on other systems. */
const onlyOnWindows = ["Get-CimInstance", "Invoke-CimMethod", "Get-NetNeighbor", "Get-Service"];

/** What the provider's scripts use that a host without Windows lacks, in the alphabet's order. */
export async function cmdletsToStub(cmdlets: Cmdlets): Promise<readonly Cmdlet[]> {
  const names = await commandNames();
  return [...cmdlets.values()]
    .filter(({ name }) => names.has(name.toLowerCase()))
    .filter(({ name, module }) => module === "Hyper-V" || onlyOnWindows.includes(name))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** In lower case, without their modules. */
async function commandNames(): Promise<ReadonlySet<string>> {
  const names = new Set<string>();
  for (const script of allScripts) {
    await withParsed(programText(script, script.sample), (root) => {
      for (const { name } of commandsOf(root)) {
        names.add(name.text.replace(/^.*\\/, "").toLowerCase());
      }
    });
  }
  return names;
}
