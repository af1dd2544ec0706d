// npm run quickstart: from a fresh clone to a container in a machine.
import { prepare } from "./setup/prepare.mjs";
import { runTypeScript } from "./setup/run-typescript.mjs";

await prepare();
await runTypeScript("scripts/quickstart/main.ts");
