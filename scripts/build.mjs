// Bundles src/ into dist/: one entry, with everything that is imported lazily in chunks of its own,
// so that a command loads only what it needs.
import { readFile, rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const { version } = JSON.parse(await readFile(new URL("../package.json", import.meta.url), "utf8"));
const outdir = fileURLToPath(new URL("../dist/", import.meta.url));

await rm(outdir, { recursive: true, force: true });

await build({
  entryPoints: ["src/cli/main.ts"],
  outdir,
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20.19",
  // Small packages that every command needs come along: finding and opening their many files takes
  // longer than running them. The large ones stay outside and are loaded by the commands that need them.
  external: [
    "@peculiar/x509",
    "inquirer",
    "listr2",
    "node-ssh",
    "openpgp",
    "reflect-metadata",
    "soap",
    "ssh2",
    "systeminformation",
    "tar-stream",
    "undici",
    "virtualbox-soap",
    "xz-decompress",
  ],
  // CommonJS packages among them call require(), for Node's own modules alone.
  banner: {
    js: "const require = process.getBuiltinModule;",
  },
  define: { TSMACHINE_VERSION: JSON.stringify(version) },
  // Half the bytes to parse; names stay, for stacks in bug reports.
  minifyWhitespace: true,
  minifySyntax: true,
  logLevel: "warning",
});
