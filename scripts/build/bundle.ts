import { createHash } from "node:crypto";
import { join } from "node:path";
import { type BuildOptions, build, type Plugin } from "esbuild";

export interface Sources {
  /** The package's folder, with src/ in it. */
  readonly packageFolder: string;
  readonly version: string;
}

export interface BundledFile {
  readonly name: string;
  readonly text: string;
}

/**
 * All of the program in one file, which costs less to load than many, and whose name changes with its
 * content. What is imported lazily is still evaluated lazily. The file is an expression: a function
 * that takes Node's require and the file's folder and gives what src/cli/main.ts exports.
 */
export async function bundleProgram(sources: Sources): Promise<BundledFile> {
  const text = await bundle("src/cli/main.ts", sources, {
    external: largePackages,
    plugins: [commanderWithoutChildProcess],
    banner: {
      js: '(function (require, __dirname) { "use strict"; const module = { exports: {} };',
    },
    footer: { js: "return module.exports; })" },
  });
  return { name: `program-${digestOf(text)}.js`, text };
}

/**
 * Small packages that every command needs come along: finding and opening their many files takes longer
 * than running them. The large ones stay outside and are loaded by the commands that need them.
 */
const largePackages = [
  "@peculiar/x509",
  "inquirer",
  "listr2",
  "log-update",
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
  "yaml",
];

/** The agents of machines, with no more than they need: a module that stays for as long as a machine runs. */
export async function bundleAgent(sources: Sources): Promise<BundledFile> {
  const text = await bundle("src/cli/agent/main.ts", sources, { external: largePackages });
  return { name: `agent-${digestOf(text)}.cjs`, text };
}

/** What bin/ runs; see src/cli/launcher/main.ts. */
export async function bundleLauncher(
  sources: Sources,
  { program, agent }: { readonly program: string; readonly agent: string },
): Promise<BundledFile> {
  const text = await bundle("src/cli/launcher/main.ts", sources, {
    define: { TSMACHINE_BUNDLE: JSON.stringify(program), TSMACHINE_AGENT: JSON.stringify(agent) },
  });
  return { name: "main.cjs", text };
}

function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

async function bundle(
  entry: string,
  { packageFolder, version }: Sources,
  { define, ...options }: BuildOptions,
): Promise<string> {
  const { outputFiles } = await build({
    ...options,
    entryPoints: [join(packageFolder, entry)],
    absWorkingDir: packageFolder,
    write: false,
    bundle: true,
    format: "cjs",
    platform: "node",
    target: "node20.19",
    // Packages that are imported lazily are required lazily: Node 20 knows no import() in a script that
    // it takes from a code cache.
    supported: { "dynamic-import": false },
    inject: [join(packageFolder, "scripts/build/monotonic-clock.ts")],
    define: {
      ...define,
      TSMACHINE_VERSION: JSON.stringify(version),
      "import.meta.dirname": "__dirname",
    },
    // Half the bytes to parse; names stay, for stacks in bug reports.
    minifyWhitespace: true,
    minifySyntax: true,
    logLevel: "warning",
  });
  const [file] = outputFiles;
  if (file === undefined) throw new Error(`esbuild wrote nothing for ${entry}`);
  return file.text;
}

/** Commander loads node:child_process for commands that are other programs; there are none here. */
const commanderWithoutChildProcess: Plugin = {
  name: "commander-without-child-process",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:child_process$/ }, ({ importer }) =>
      /[\\/]commander[\\/]/.test(importer) ? { path: "nothing", namespace: "nothing" } : undefined,
    );
    onLoad({ filter: /^/, namespace: "nothing" }, () => ({ contents: "module.exports = {};" }));
  },
};
