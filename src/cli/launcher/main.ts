// What bin/ runs. It answers `version` by itself, because scripts ask for it often, and loads the
// program, which is larger by far, for everything else.
import { join } from "node:path";
import { agentWord } from "../agent/agent-word.ts";
import { programNameOf } from "../compat/program-name.ts";
import { onClosedPipe } from "../output/output.ts";
import { packageVersion } from "../package.ts";

// The build puts the names of the bundles here.
declare const TSMACHINE_BUNDLE: string;
declare const TSMACHINE_AGENT: string;

const [, scriptPath, ...args] = process.argv;

if (args.length === 1 && ["version", "--version", "-v"].includes(args[0] ?? "")) {
  onClosedPipe(process.stdout, () => process.exit(0));
  process.stdout.write(`${programNameOf(scriptPath)} version ${packageVersion}\n`);
} else if (args[0] === agentWord) {
  void runAgent();
} else {
  void runProgram();
}

/** The agent lives long, and would keep in memory whatever it loads: it has a bundle of its own. */
async function runAgent(): Promise<void> {
  const { createRequire } = await import("node:module");
  const path = join(import.meta.dirname, TSMACHINE_AGENT);
  createRequire(path)(path);
}

async function runProgram(): Promise<void> {
  const { loadBundle } = await import("./load-bundle.ts");
  loadBundle(join(import.meta.dirname, TSMACHINE_BUNDLE)).main();
}
