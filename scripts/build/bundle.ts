import { createHash } from "node:crypto";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import { type OutputChunk, type Plugin, rolldown } from "rolldown";
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
 * content. What commands do not share are functions of their own in it, of which V8 compiles what is called: see
 * joinChunks, which also says what the file's value is. It gives what src/cli/main.ts exports.
 */
export async function bundleProgram(sources: Sources): Promise<BundledFile> {
  const chunks = await bundle("src/cli/main.ts", sources, {
    external: largePackages,
    plugins: [commanderWithoutExecutables],
  });
  const text = joinChunks(chunks);
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
  const text = await bundleOneFile("src/cli/agent/main.ts", sources, { external: largePackages });
  return { name: `agent-${digestOf(text)}.cjs`, text };
}

/** What bin/ runs; see src/cli/launcher/main.ts. */
export async function bundleLauncher(
  sources: Sources,
  { program, agent }: { readonly program: string; readonly agent: string },
): Promise<BundledFile> {
  const text = await bundleOneFile("src/cli/launcher/main.ts", sources, {
    define: { TSMACHINE_BUNDLE: JSON.stringify(program), TSMACHINE_AGENT: JSON.stringify(agent) },
  });
  return { name: "main.cjs", text };
}

function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

interface Settings {
  /** Packages that stay outside. */
  readonly external?: readonly string[];
  readonly plugins?: readonly Plugin[];
  readonly define?: Readonly<Record<string, string>>;
  /** Whether what is imported lazily stays in the file of what imports it. */
  readonly isOneFile?: boolean;
}

async function bundleOneFile(entry: string, sources: Sources, settings: Settings): Promise<string> {
  const [file, ...others] = await bundle(entry, sources, { ...settings, isOneFile: true });
  if (file === undefined || others.length > 0) throw new Error(`${entry} is no single file`);
  return file.code;
}

async function bundle(
  entry: string,
  { packageFolder, version }: Sources,
  { external = [], plugins = [], define = {}, isOneFile = false }: Settings,
): Promise<OutputChunk[]> {
  await using build = await rolldown({
    input: { main: join(packageFolder, entry) },
    cwd: packageFolder,
    platform: "node",
    external: (name, importer) =>
      external.includes(name) || (isBuiltin(name) && !isForExecutables(name, importer)),
    plugins: [...plugins],
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
    codeSplitting: !isOneFile,
    // Packages that are imported lazily are required lazily: Node 20 knows no import() in a script that
    // it takes from a code cache.
    dynamicImportInCjs: false,
    // Half the bytes to parse; names stay, for stacks in bug reports.
    minify: { compress: true, mangle: false, codegen: { removeWhitespace: true } },
    comments: false,
  });
  return output.filter((file) => file.type === "chunk");
}

/** Commander loads node:child_process for commands that are other programs; there are none here. */
const isForExecutables = (name: string, importer: string | undefined) =>
  name === "node:child_process" && /[\\/]commander[\\/]/.test(importer ?? "");

const nothing = "\0nothing";
const commanderWithoutExecutables: Plugin = {
  name: "commander-without-executables",
  resolveId: (name, importer) => (isForExecutables(name, importer) ? nothing : undefined),
  load: (id) => (id === nothing ? "module.exports = {};" : undefined),
};
