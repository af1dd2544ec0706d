// npm run verify: from a fresh clone to the result of every check and test.
import { prepare } from "./setup/prepare.mjs";
import { runTypeScript } from "./setup/run-typescript.mjs";

await prepare();
await runTypeScript("scripts/verify/main.ts");
