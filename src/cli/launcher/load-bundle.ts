import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { Script } from "node:vm";
import type * as program from "../main.ts";
import { codeCachePath, readCodeCache } from "./code-cache.ts";

/** What the program exports. */
export type Program = typeof program;

/**
 * Runs the bundle that the build has written at this path, with V8's compiled code when there is
 * some of this very Node: compiling takes longer than running most commands.
 */
export function loadBundle(path: string): Program {
  return runBundle(compileBundle(path), path);
}

/** @returns a script that tells by cachedDataRejected whether compiled code was used. */
export function compileBundle(path: string): Script {
  const cachedData = readCodeCache(codeCachePath(path, process));
  // latin1: the build writes ASCII, which need not be decoded.
  return new Script(readFileSync(path, "latin1"), {
    filename: path,
    ...(cachedData && { cachedData }),
  });
}

/** The script is a function of what Node gives to CommonJS modules, see scripts/build/bundle.ts. */
export function runBundle(script: Script, path: string): Program {
  const evaluate: (require: NodeJS.Require, folder: string) => Program = script.runInThisContext();
  return evaluate(createRequire(path), dirname(path));
}
