import { readdir, readFile, stat } from "node:fs/promises";
import { satisfiesLock } from "./satisfies-lock.mjs";

/**
 * Whether node_modules holds what package-lock.json names, by the account that npm keeps in it.
 * @param {URL} root the package's folder
 */
export async function isInstalled(root) {
  const lock = await readJson(new URL("package-lock.json", root));
  const installed = await readJson(new URL("node_modules/.package-lock.json", root));
  return lock !== undefined && installed !== undefined && satisfiesLock(lock, installed);
}

const programsOfTheBuild = [
  ...["scripts/build.mjs", "scripts/build/", "scripts/code-cache.mjs", "scripts/code-cache/"],
];

/**
 * Whether dist/ is newer than all that it is made of.
 * @param {URL} root the package's folder
 */
export async function isBuilt(root) {
  const built = await changedAt(new URL("dist/main.cjs", root));
  const sources = ["package.json", "package-lock.json", ...programsOfTheBuild, "src/"];
  const changes = await Promise.all(sources.map((path) => newestChange(new URL(path, root))));
  return built > Math.max(...changes);
}

/**
 * A folder counts too: removing a file from it changes nothing else.
 * @param {URL} path of a file or, ending in "/", of a folder
 * @returns {Promise<number>} milliseconds since 1970; 0 when there is no such file
 */
async function newestChange(path) {
  if (!path.href.endsWith("/")) return changedAt(path);
  const entries = await readdir(path, { withFileTypes: true });
  const changes = entries.map((entry) =>
    newestChange(new URL(entry.isDirectory() ? `${entry.name}/` : entry.name, path)),
  );
  return Math.max(await changedAt(path), ...(await Promise.all(changes)));
}

/** @param {URL} path */
async function changedAt(path) {
  try {
    return (await stat(path)).mtimeMs;
  } catch {
    return 0;
  }
}

/** @param {URL} path */
async function readJson(path) {
  try {
    return JSON.parse(await readFile(path, "utf8"));
  } catch {
    // Missing, or cut short by an interrupted installation: npm ci replaces both.
    return undefined;
  }
}
