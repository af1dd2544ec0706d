// Prints what becomes of the code cache of the bundle that is named: "taken", "rejected" or "none".
import { compileBundle, runBundle } from "../../../../src/cli/launcher/load-bundle.ts";

const [, , path = ""] = process.argv;
const script = compileBundle(path);
const { loadProgram } = runBundle(script, path);
await loadProgram();
const { cachedDataRejected: isRejected } = script;
process.stdout.write(isRejected === undefined ? "none" : isRejected ? "rejected" : "taken");
