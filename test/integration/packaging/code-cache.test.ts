// The build's output, and what becomes of it in other hands.
import { cp, readdir, readFile, rename, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildProgram } from "../../../scripts/build/build-program.ts";
import { agentWord } from "../../../src/cli/agent/agent-word.ts";
import { codeCachePath } from "../../../src/cli/launcher/code-cache.ts";
import { run } from "../../../src/host/processes/run.ts";
import { projectFolder } from "../../support/project-files.ts";
import { bundleProgram, type Program } from "../../support/run-typescript.ts";
import { type ProgramOnPath, putProgramOnPath } from "../../support/shells/program-on-path.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

let built: ProgramOnPath;
let loader: Program;

beforeAll(async () => {
  [built, loader] = await Promise.all([
    putProgramOnPath(),
    bundleProgram(new URL("programs/load-bundle.ts", import.meta.url)),
  ]);
});

afterAll(async () => {
  await Promise.all([built[Symbol.asyncDispose](), loader[Symbol.asyncDispose]()]);
});

/** A copy of the built package, to be damaged. */
async function copyOfBuilt() {
  const folder = await temporaryDirectory();
  for (const name of ["bin", "dist"]) {
    await cp(join(built.folder, name), join(folder, name), { recursive: true });
  }
  for (const name of ["node_modules", "package.json", "templates"]) {
    await symlink(join(projectFolder, name), join(folder, name));
  }
  const bundle = await bundleIn(folder);
  return { folder, bundle, cache: codeCachePath(bundle, process) };
}

async function bundleIn(folder: string): Promise<string> {
  const names = await readdir(join(folder, "dist"));
  const [name, ...others] = names.filter((name) => name.endsWith(".js"));
  expect(others).toEqual([]);
  return join(folder, "dist", name ?? "");
}

/** What a command prints, and how its bundle's code cache fares. */
async function use({ folder, bundle }: { folder: string; bundle: string }) {
  const storage = join(await temporaryDirectory(), "store");
  const program = join(folder, "bin/tsmachine");
  const list = await run(process.execPath, [program, "--storage-path", storage, "ls"]);
  expect(list.stdout).toMatch(/^NAME /);
  return (await loader.start(bundle)).stdout;
}

test("a build leaves a launcher, two bundles, and compiled code that this Node.js takes", async () => {
  const copy = await copyOfBuilt();
  expect((await readdir(join(copy.folder, "dist"))).length).toBe(4);
  expect(await use(copy)).toBe("taken");
});

test("the launcher runs an agent from a bundle of its own, and one without a machine ends", async () => {
  const { folder } = await copyOfBuilt();
  const args = [join(folder, "bin/tsmachine"), agentWord, await temporaryDirectory(), "dev"];
  const { stderr, exitCode } = await run(process.execPath, args, { acceptExitCodes: "all" });
  expect({ stderr, exitCode }).toEqual({
    stderr: expect.stringMatching(/^\S+Z ended: .*ENOENT/),
    exitCode: 1,
  });
});

test("`version` loads neither the program nor Node's cryptography", async () => {
  const { folder, bundle } = await copyOfBuilt();
  await rm(bundle);
  const probe = join(folder, "probe.cjs");
  await writeFile(
    probe,
    `process.on("exit", () => console.log(process.moduleLoadList.includes("NativeModule crypto")));`,
  );
  const version = await run(process.execPath, [
    ...["--require", probe, join(folder, "bin/tsmachine"), "version"],
  ]);
  expect(version.stdout).toMatch(/^tsmachine version .*\nfalse\n$/);
});

describe("a command runs without compiled code", () => {
  test("when there is none", async () => {
    const copy = await copyOfBuilt();
    await rm(copy.cache);
    expect(await use(copy)).toBe("none");
  });

  test("when it is that of another Node.js", async () => {
    const copy = await copyOfBuilt();
    await rename(copy.cache, codeCachePath(copy.bundle, { ...process, version: "v20.0.0" }));
    expect(await use(copy)).toBe("none");
  });

  test("when V8 has other flags than it was compiled with", async () => {
    const { bundle } = await copyOfBuilt();
    const { stdout } = await run(process.execPath, ["--no-opt", loader.path, bundle]);
    expect(stdout).toBe("rejected");
  });

  test("when it is cut short", async () => {
    const copy = await copyOfBuilt();
    await truncate(copy.cache, 100_000);
    expect(await use(copy)).toBe("none");
  });

  test("when a part of it was lost", async () => {
    const copy = await copyOfBuilt();
    const content = await readFile(copy.cache);
    await writeFile(copy.cache, content.fill(0, 200_000, 204_096));
    expect(await use(copy)).toBe("none");
  });
});

test("another build is not run with the compiled code of the former one", async () => {
  const copy = await copyOfBuilt();
  const version = "0.0.1-test";
  const outputFolder = join(copy.folder, "dist");
  await buildProgram({ packageFolder: projectFolder, outputFolder, version });
  const bundle = await bundleIn(copy.folder);
  expect(bundle).not.toBe(copy.bundle);
  expect(await readdir(outputFolder)).not.toContain(copy.cache);
  expect(await use({ ...copy, bundle })).toBe("taken");
  const program = join(copy.folder, "bin/tsmachine");
  const { stdout } = await run(process.execPath, [program, "version"]);
  expect(stdout).toBe(`tsmachine version ${version}\n`);
});

test("making compiled code leaves no trace where users have their stores", async () => {
  const copy = await copyOfBuilt();
  await rm(copy.cache);
  const home = await temporaryDirectory();
  const script = join(projectFolder, "scripts/code-cache.mjs");
  const environment = { HOME: home, TSMACHINE_STORAGE_PATH: join(home, "store") };
  await run(process.execPath, [script, copy.bundle], { environment });
  expect(await readdir(home)).toEqual([]);
  expect(await use(copy)).toBe("taken");
});
