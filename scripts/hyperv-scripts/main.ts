import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { argv, stdout } from "node:process";
import { parseArgs } from "node:util";
import { TsmachineError } from "../../src/errors/tsmachine-error.ts";
import { programText } from "../../src/providers/hyperv/powershell/program.ts";
import { allScripts } from "../../src/providers/hyperv/scripts/all.ts";
import { runScript } from "../run-script.ts";

/** Writes every script that the Hyper-V provider can run, with a sample request, for checks from outside. */
await runScript("hyperv:scripts", async () => {
  const { out } = parseArgs({ args: argv.slice(2), options: { out: { type: "string" } } }).values;
  if (out === undefined) {
    throw new TsmachineError("INVALID_INPUT", "no folder to write to is given", {
      hints: ["run `npm run --silent hyperv:scripts -- --out DIR`"],
    });
  }
  await mkdir(out, { recursive: true });
  for (const script of allScripts) {
    await writeFile(join(out, `${script.name}.ps1`), programText(script, script.sample));
  }
  stdout.write(`hyperv:scripts: wrote ${allScripts.length} scripts to ${out}\n`);
  return 0;
});
