// What bin/ runs. It answers `version` by itself, because scripts ask for it often, and loads the
// program, which is larger by far, for everything else.
import { join } from "node:path";
import { programNameOf } from "../compat/program-name.ts";
import { onClosedPipe } from "../output/output.ts";
import { packageVersion } from "../package.ts";
import { loadBundle } from "./load-bundle.ts";

// The build puts the name of the bundle here.
declare const TSMACHINE_BUNDLE: string;

const [, scriptPath, ...args] = process.argv;

if (args.length === 1 && ["version", "--version", "-v"].includes(args[0] ?? "")) {
  onClosedPipe(process.stdout, () => process.exit(0));
  process.stdout.write(`${programNameOf(scriptPath)} version ${packageVersion}\n`);
} else {
  loadBundle(join(import.meta.dirname, TSMACHINE_BUNDLE)).main();
}
