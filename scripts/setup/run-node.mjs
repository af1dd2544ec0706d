import { spawn } from "node:child_process";
import { env, execPath, platform } from "node:process";

/**
 * Runs npm on this process's own terminal or pipes.
 * @param {readonly string[]} args
 * @returns its exit status
 */
export function runNpm(args) {
  // npm tells its scripts where it is; called by hand there is only the one on PATH.
  return env.npm_execpath?.endsWith("npm-cli.js")
    ? runNode([env.npm_execpath, ...args])
    : runProgram(platform === "win32" ? "npm.cmd" : "npm", args);
}

/**
 * Runs a Node.js program on this process's own terminal or pipes.
 * @param {readonly string[]} args the program's path and its arguments
 * @returns its exit status
 */
export function runNode(args) {
  return runProgram(execPath, args);
}

/**
 * @param {string} program
 * @param {readonly string[]} args
 * @returns {Promise<number>}
 */
function runProgram(program, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: "inherit" });
    child.once("error", reject);
    child.once("close", (code) => resolve(code ?? 1));
  });
}
