// Bundles src/ into dist/: one entry, with everything that is imported lazily in chunks of its own,
// so that a command loads only what it needs.
import { rm } from "node:fs/promises";
import { build } from "esbuild";

const outdir = new URL("../dist/", import.meta.url).pathname;

await rm(outdir, { recursive: true, force: true });
await build({
  entryPoints: ["src/cli/main.ts"],
  outdir,
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20.19",
  packages: "external",
  logLevel: "warning",
});
