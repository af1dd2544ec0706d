import * as z from "zod";
import type { TestStore } from "../support/machines/tsmachine.ts";
import { failureOf } from "./failure.ts";

export interface BuiltImages {
  readonly boot: BuiltImage;
  readonly engine: BuiltImage;
}

export interface BuiltImage {
  /** The kernel's release; the engine's version. */
  readonly version: string;
  /** Suites that its packages are from; the first has most of them. */
  readonly suites: readonly string[];
  /** Size of each file, by name. */
  readonly fileBytes: Readonly<Record<string, number>>;
}

const imageSchema = z
  .looseObject({
    version: z.string(),
    releases: z.array(z.looseObject({ suite: z.string() })),
    files: z.record(z.string(), z.looseObject({ size: z.number() })),
  })
  .transform(({ version, releases, files }) => ({
    version,
    suites: releases.map(({ suite }) => suite),
    fileBytes: Object.fromEntries(Object.entries(files).map(([name, { size }]) => [name, size])),
  }));

/** @param flags of `create` that choose images. @throws Error with what it printed. */
export async function buildImages(
  store: TestStore,
  flags: readonly string[],
): Promise<BuiltImages> {
  const built = await store.tsmachine("iso", "build", "--json", ...flags);
  if (built.exitCode !== 0) throw failureOf("iso build", built);
  const [boot, engine] = z.tuple([imageSchema, imageSchema]).parse(JSON.parse(built.stdout));
  return { boot, engine };
}
