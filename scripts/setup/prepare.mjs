// The part of set-up that runs before anything is installed: plain Node, no packages.
import { readFile } from "node:fs/promises";
import { chdir, exit, versions } from "node:process";
import { fileURLToPath } from "node:url";
import { isInRange } from "./node-version.mjs";
import { runNode, runNpm } from "./run-node.mjs";
import { isBuilt, isInstalled } from "./up-to-date.mjs";

const root = new URL("../../", import.meta.url);

/**
 * Installs the packages that package-lock.json names and builds dist/, each only when what is there
 * is out of date. From then on the working directory is the package's folder. Ends the process
 * when it cannot.
 */
export async function prepare() {
  chdir(fileURLToPath(root));
  await requireNode();
  if (!(await isInstalled(root))) {
    console.log("==> Installing npm packages");
    stopUnlessDone(await runNpm(["ci", "--loglevel=error"]), "npm ci");
  }
  if (!(await isBuilt(root))) {
    console.log("==> Building");
    stopUnlessDone(await runNode(["scripts/build.mjs"]), "node scripts/build.mjs");
  }
}

async function requireNode() {
  const { engines } = JSON.parse(await readFile(new URL("package.json", root), "utf8"));
  if (isInRange(versions.node, engines.node)) return;
  console.error(`tsmachine: error: this is Node.js ${versions.node}; ${engines.node} is needed`);
  console.error("tsmachine: hint: install one of them from https://nodejs.org");
  exit(1);
}

/**
 * @param {number} status
 * @param {string} command
 */
function stopUnlessDone(status, command) {
  if (status === 0) return;
  console.error(`tsmachine: error: ${command} ended with status ${status}; see above`);
  exit(1);
}
