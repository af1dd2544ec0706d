import { mkdtemp, rm } from "node:fs/promises";
import { isBuiltin } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { type Plugin, rolldown } from "rolldown";
import { onTestFinished } from "vitest";
import { projectFolder } from "./project-files.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

/** A TypeScript program that tests start as processes of their own, as often as they like. */
export interface Program {
  /** The process, with `pid`, `kill` and its output; it is killed when the running test ends. */
  start(...args: string[]): ReturnType<typeof startNode>;
  /** Of the bundle, for tests that start Node in ways of their own. */
  readonly path: string;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Bundles the program for Node, which cannot run TypeScript before version 22. */
export async function bundleProgram(entryPoint: URL): Promise<Program> {
  const directory = await mkdtemp(join(tmpdir(), "tsmachine-program-"));
  const path = await bundleInto(directory, fileURLToPath(entryPoint));
  return {
    path,
    start: (...args) => startNode([path, ...args]),
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }),
  };
}

/**
 * Path of a script for Node, until the running test ends.
 * @param source TypeScript, which imports from "./src/…"
 */
export async function bundleScript(source: string): Promise<string> {
  const entry = join(projectFolder, "script-of-a-test.ts");
  const script: Plugin = {
    name: "script-of-a-test",
    resolveId: (id) => (id === entry ? id : undefined),
    load: (id) => (id === entry ? source : undefined),
  };
  return bundleInto(await temporaryDirectory(), entry, [script]);
}

async function bundleInto(
  directory: string,
  input: string,
  plugins: readonly Plugin[] = [],
): Promise<string> {
  const path = join(directory, "program.mjs");
  await using build = await rolldown({
    ...{ input, plugins: [...plugins], platform: "node", external: isBuiltin },
    transform: { target: "node20.19" },
    // Of a package that cannot be found, for one.
    onLog: (level, log, handle) => handle(level === "warn" ? "error" : level, log),
  });
  await build.write({ file: path, format: "esm", codeSplitting: false });
  return path;
}

function startNode(args: string[]) {
  const child = execa(process.execPath, args, { reject: false, timeout: 120_000 });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}
