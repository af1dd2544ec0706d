import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { execa } from "execa";
import { onTestFinished } from "vitest";

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
  const outfile = join(directory, "program.mjs");
  await build({
    entryPoints: [fileURLToPath(entryPoint)],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    logLevel: "error",
    // Bundled CommonJS packages call require, which an ES module does not have.
    banner: {
      js: 'import { createRequire as makeRequire } from "node:module"; const require = makeRequire(import.meta.url);',
    },
  });
  return {
    path: outfile,
    start: (...args) => startNode([outfile, ...args]),
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }),
  };
}

function startNode(args: string[]) {
  const child = execa(process.execPath, args, { reject: false, timeout: 120_000 });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}
