// npm run hyperv:scripts -- --out DIR: the scripts that the Hyper-V provider can run, one file each.
import { prepare } from "./setup/prepare.mjs";
import { runTypeScript } from "./setup/run-typescript.mjs";

await prepare();
await runTypeScript("scripts/hyperv-scripts/main.ts");
