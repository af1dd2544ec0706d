import { join } from "node:path";
import { build } from "esbuild";
import { temporaryDirectory } from "../temporary-directory.ts";

/** Path of a script for plain Node; the source is TypeScript and imports from "../src/…". */
export async function bundleScript(source: string): Promise<string> {
  const outfile = join(await temporaryDirectory(), "script.cjs");
  await build({
    stdin: { contents: source, resolveDir: join(import.meta.dirname, "../../.."), loader: "ts" },
    bundle: true,
    platform: "node",
    format: "cjs",
    outfile,
    logLevel: "silent",
  });
  return outfile;
}
