import { createHash } from "node:crypto";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import { type Plugin, rolldown } from "rolldown";
import { joinChunks } from "./join-chunks.ts";

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
 * content. The file is an expression: a function that takes Node's require and the file's folder and
 * gives what src/cli/main.ts exports.
 */
export async function bundleProgram(sources: Sources): Promise<BundledFile> {
  const text = await bundle("src/cli/main.ts", sources);
  return { name: `program-${digestOf(text)}.js`, text };
}

/** The agents of machines, with no more than they need: a module that stays for as long as a machine runs. */
export async function bundleAgent(sources: Sources): Promise<BundledFile> {
  const text = asModule(await bundle("src/cli/agent/main.ts", sources));
  return { name: `agent-${digestOf(text)}.cjs`, text };
}

/** What bin/ runs; see src/cli/launcher/main.ts. */
export async function bundleLauncher(
  sources: Sources,
  { program, agent }: { readonly program: string; readonly agent: string },
): Promise<BundledFile> {
  const text = await bundle("src/cli/launcher/main.ts", sources, {
    TSMACHINE_BUNDLE: JSON.stringify(program),
    TSMACHINE_AGENT: JSON.stringify(agent),
  });
  return { name: "main.cjs", text: asModule(text) };
}

/** A CommonJS module that runs what has been bundled. */
const asModule = (text: string) => `${text.trimEnd()}(require, __dirname);\n`;

function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

async function bundle(
  entry: string,
  { packageFolder, version }: Sources,
  define: Readonly<Record<string, string>> = {},
): Promise<string> {
  await using build = await rolldown({
    input: { main: join(packageFolder, entry) },
    cwd: packageFolder,
    platform: "node",
    external: (name, importer) =>
      isLargePackage(name) || (isBuiltin(name) && !isForExecutables(name, importer)),
    plugins: [commanderWithoutExecutables],
    // Above all of a package that cannot be found, which would be looked for when the program runs.
    onLog: (level, log, handle) => handle(level === "warn" ? "error" : level, log),
    transform: {
      target: "node20.19",
      define: {
        ...define,
        TSMACHINE_VERSION: JSON.stringify(version),
        "import.meta.dirname": "__dirname",
      },
      inject: {
        performance: [join(packageFolder, "scripts/build/monotonic-clock.ts"), "performance"],
      },
    },
  });
  const { output } = await build.generate({
    format: "cjs",
    exports: "named",
    chunkFileNames: "[name].js",
    // Packages that are imported lazily are required lazily: Node 20 knows no import() in a script that
    // it takes from a code cache.
    dynamicImportInCjs: false,
    // Half the bytes to parse; names stay, for stacks in bug reports.
    minify: { compress: true, mangle: false, codegen: { removeWhitespace: true } },
    comments: false,
  });
  return joinChunks(output.filter((file) => file.type === "chunk"));
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

const isLargePackage = (name: string) =>
  largePackages.some((large) => name === large || name.startsWith(`${large}/`));

/** Commander loads node:child_process for commands that are other programs; there are none here. */
const isForExecutables = (name: string, importer: string | undefined) =>
  name === "node:child_process" && /[\\/]node_modules[\\/]commander[\\/]/.test(importer ?? "");

const nothing = "\0nothing";
const commanderWithoutExecutables: Plugin = {
  name: "commander-without-executables",
  resolveId: (name, importer) => (isForExecutables(name, importer) ? nothing : undefined),
  load: (id) => (id === nothing ? "module.exports = {};" : undefined),
};
