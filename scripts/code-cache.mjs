// Started by the build, in a process of its own: writes what V8 has compiled of the bundle that is
// named, after some commands have run.
import { runTypeScript } from "./setup/run-typescript.mjs";

await runTypeScript("scripts/code-cache/main.ts");
