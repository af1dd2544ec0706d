// npm run e2e:virtualbox: a machine in a real VirtualBox, which runs in a rig.
import { prepare } from "./setup/prepare.mjs";
import { bundleTypeScript, runTypeScript } from "./setup/run-typescript.mjs";

await prepare();
await bundleTypeScript("test/e2e-virtualbox/inside.ts");
await runTypeScript("test/e2e-virtualbox/main.ts");
