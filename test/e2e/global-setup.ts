import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { z } from "zod";
import { run } from "../../src/host/run.ts";
import { provideDockerCli } from "../support/docker-cli.ts";
import { openTestStore, packageDirectory } from "../support/tsmachine.ts";

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
  const { exitCode, stdout, stderr } = await store.tsmachine("iso", "build", "--json");
  if (exitCode !== 0) throw new Error(`tsmachine iso build ended with ${exitCode}: ${stderr}`);
  await removeImagesBut(imagesSchema.parse(JSON.parse(stdout)), join(cacheDirectory, "images"));
  project.provide("cacheDirectory", cacheDirectory);
  project.provide("dockerProgram", await provideDockerCli(cacheDirectory));
}

const imagesSchema = z.array(
  z.looseObject({ key: z.string(), lock: z.looseObject({ kind: z.string() }) }),
);

/** Images of former recipes would pile up, a quarter of a gigabyte each. */
async function removeImagesBut(
  images: z.infer<typeof imagesSchema>,
  directory: string,
): Promise<void> {
  const kept = new Set(images.map(({ key, lock }) => `${lock.kind}-${key}`));
  for (const name of await readdir(directory)) {
    const isImage = /^[a-z]+-[0-9a-f]{16}$/.test(name);
    if (isImage && !kept.has(name)) await rm(join(directory, name), { recursive: true });
  }
}
