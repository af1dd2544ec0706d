import { mkdir, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { run } from "../../src/host/processes/run.ts";
import { provideDockerCli } from "../support/machines/docker-cli.ts";
import { openTestStore, packageDirectory } from "../support/machines/tsmachine.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** The folder with images and packages that all tests share. */
    cacheDirectory: string;
    /** Path of a docker CLI. */
    dockerProgram: string;
  }
}

const minutesMs = 60_000;

/** Builds the command line from its sources, and the images once for all tests. */
export async function setup(project: TestProject): Promise<void> {
  const cacheDirectory = join(packageDirectory, "node_modules/.cache/tsmachine");
  await mkdir(cacheDirectory, { recursive: true, mode: 0o700 });
  await run(process.execPath, ["scripts/build.mjs"], {
    cwd: packageDirectory,
    timeoutMs: 2 * minutesMs,
  });
  await using store = await openTestStore({ cacheDirectory });
  const { exitCode, stderr } = await store.tsmachine("iso", "build");
  if (exitCode !== 0) throw new Error(`tsmachine iso build ended with ${exitCode}: ${stderr}`);
  await removeOldImages(join(cacheDirectory, "images"));
  project.provide("cacheDirectory", cacheDirectory);
  project.provide("dockerProgram", await provideDockerCli(cacheDirectory));
}

/**
 * More than the tests use, with their kernels, engines and architectures: an image of theirs is among
 * the newest, or is made again once.
 */
const maxImages = 20;

/** Images of former recipes and kernels would pile up, up to a quarter of a gigabyte each. */
async function removeOldImages(directory: string): Promise<void> {
  const names = (await readdir(directory)).filter((name) => /^[a-z]+-[0-9a-f]{16}$/.test(name));
  const images = await Promise.all(
    names.map(async (name) => {
      const path = join(directory, name);
      return { path, madeAtMs: (await stat(path)).mtimeMs };
    }),
  );
  const old = images.sort((one, other) => other.madeAtMs - one.madeAtMs).slice(maxImages);
  for (const { path } of old) await rm(path, { recursive: true });
}
