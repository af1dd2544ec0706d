// npm run bench: measures what docs/performance.md tells of.
import { prepare } from "./setup/prepare.mjs";
import { runTypeScript } from "./setup/run-typescript.mjs";

await prepare();
await runTypeScript("test/bench/main.ts");
