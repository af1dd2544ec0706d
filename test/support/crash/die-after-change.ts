// Loaded into the command line before its own code, see crashing.ts. Notes what the process changes
// below CRASH_ROOT and which programs it leaves running, a line for each change that is done, in the
// file CRASH_LOG; right after the change that CRASH_AFTER names, by its number or its line, it kills
// the process.
import childProcess from "node:child_process";
import { appendFileSync, readFileSync } from "node:fs";
import fs from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { basename, join, relative } from "node:path";

const { CRASH_ROOT: root = "", CRASH_LOG: log = "", CRASH_AFTER: last = "" } = process.env;
// Programs that the process starts live on.
delete process.env.NODE_OPTIONS;

let count = 0;

function note(line: string): void {
  count += 1;
  appendFileSync(log, `${line}\n`);
  if (last === String(count) || last === line) process.kill(process.pid, "SIGKILL");
}

const changes = [
  ...["copyFile", "link", "mkdir", "open", "rename", "rm", "rmdir", "truncate"],
  ...["unlink", "writeFile"],
];
for (const name of changes) {
  const original: unknown = Reflect.get(fs, name);
  if (typeof original !== "function") throw new Error(`node:fs/promises has no ${name}`);
  const noting = async (...args: unknown[]) => {
    const result: unknown = await Reflect.apply(original, fs, args);
    const path = args.slice(0, 2).findLast((arg) => typeof arg === "string" && arg.startsWith("/"));
    if (typeof path !== "string" || !isOurs(path)) return result;
    // What is opened to be written has another name until it is whole, or is the data disk.
    const isSeen = name !== "open" || (/[aw+]/.test(String(args[1])) && !path.endsWith(".tmp"));
    if (isSeen) note(`${name} ${described(path)}`);
    return result;
  };
  Reflect.set(fs, name, noting);
}

const spawn: unknown = Reflect.get(childProcess, "spawn");
if (typeof spawn !== "function") throw new Error("node:child_process has no spawn");
Reflect.set(childProcess, "spawn", (program: string, args: unknown, options: unknown) => {
  const child: unknown = Reflect.apply(spawn, childProcess, [program, args, options]);
  const isLeft = typeof options === "object" && options !== null && "detached" in options;
  if (isLeft && options.detached === true) note(`spawn ${basename(program)}`);
  return child;
});
syncBuiltinESMExports();

function isOurs(path: string): boolean {
  return path.startsWith(`${root}/`) && !path.startsWith(`${root}/store/cache/`);
}

/** The path as it is each time, and what a record that is in place now says. */
function described(path: string): string {
  const name = relative(root, path)
    .replace(/\.\d+-[0-9a-f]{8}\.tmp$/, ".tmp")
    .replace(/\.lock\.[0-9a-f-]{36}/, ".lock.TOKEN");
  return `${name}${stageIn(path)}`;
}

function stageIn(path: string): string {
  const isMachine = /\/machines\/[^/]+$/.test(path);
  if (!isMachine && !path.endsWith("/machine.json")) return "";
  try {
    const record: unknown = JSON.parse(
      readFileSync(isMachine ? join(path, "machine.json") : path, "utf8"),
    );
    if (typeof record !== "object" || record === null) return "";
    const fields = new Map(Object.entries(record));
    return [" (", fields.get("phase"), fields.has("stage") && `: ${fields.get("stage")}`, ")"]
      .filter((part) => part !== false)
      .join("");
  } catch {
    return "";
  }
}
