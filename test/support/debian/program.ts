import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { temporaryDirectory } from "../temporary-directory.ts";

/** Path of the bundled program for Node, until the running test ends. */
export async function bundleForNode(entryPoint: URL): Promise<string> {
  const outfile = join(await temporaryDirectory(), "program.mjs");
  await build({
    ...{ entryPoints: [fileURLToPath(entryPoint)], outfile, bundle: true, logLevel: "error" },
    ...{ platform: "node", format: "esm", target: "node20" },
    // Bundled CommonJS packages call require, which an ES module does not have.
    banner: {
      js: 'import { createRequire as makeRequire } from "node:module"; const require = makeRequire(import.meta.url);',
    },
  });
  return outfile;
}
