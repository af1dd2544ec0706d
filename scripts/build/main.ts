import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { buildProgram } from "./build-program.ts";

const { version } = JSON.parse(await readFile("package.json", "utf8"));
await buildProgram({ packageFolder: resolve("."), outputFolder: resolve("dist"), version });
