// npm run e2e:kernels: a container on every kernel and every engine that Debian offers.
import { prepare } from "./setup/prepare.mjs";
import { runTypeScript } from "./setup/run-typescript.mjs";

await prepare();
await runTypeScript("test/e2e-kernels/main.ts");
