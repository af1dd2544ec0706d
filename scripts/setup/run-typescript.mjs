import { rename } from "node:fs/promises";
import { isAbsolute } from "node:path";
import { pid } from "node:process";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = new URL("../../", import.meta.url);
// Inside node_modules, so that programs find their packages and no tool takes them for sources.
const programs = new URL("node_modules/.cache/tsmachine/", root);

/**
 * Runs a TypeScript program in this process, which Node by itself can from version 22 on only.
 * @param {string} path below the package's folder
 */
export async function runTypeScript(path) {
  await import(pathToFileURL(await bundleTypeScript(path)).href);
}

/**
 * Makes a JavaScript program of a TypeScript one, with packages left outside.
 * @param {string} path below the package's folder
 * @returns {Promise<string>} the program's path
 */
export async function bundleTypeScript(path) {
  // Loaded here because callers install it first.
  const { build } = await import("rolldown");
  const name = path.replaceAll("/", "-").replace(/\.ts$/, "");
  // Several may run at once: each writes a file of its own and puts it in place whole.
  const written = new URL(`${name}-${pid}.mjs`, programs);
  const program = new URL(`${name}.mjs`, programs);
  await build({
    input: fileURLToPath(new URL(path, root)),
    output: { file: fileURLToPath(written), format: "esm", codeSplitting: false },
    platform: "node",
    external: (name) => !name.startsWith(".") && !isAbsolute(name) && !isHelper(name),
    transform: { target: "node20.19" },
    logLevel: "warn",
  });
  await rename(written, program);
  return fileURLToPath(program);
}

/**
 * What the bundler puts in place of syntax that Node 20 lacks.
 * @param {string} name
 */
const isHelper = (name) => name.startsWith("@oxc-project/runtime/");
