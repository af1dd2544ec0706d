// npm run build: writes dist/, which bin/tsmachine runs.
import { chdir } from "node:process";
import { fileURLToPath } from "node:url";
import { runTypeScript } from "./setup/run-typescript.mjs";

chdir(fileURLToPath(new URL("../", import.meta.url)));
await runTypeScript("scripts/build/main.ts");
