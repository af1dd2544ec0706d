import * as z from "zod";
import { engineOfferSchema } from "../../src/iso/offers/engine-offers.ts";
import { kernelOfferSchema } from "../../src/iso/offers/kernel-offers.ts";
import type { TestStore } from "../support/machines/tsmachine.ts";
import { type BuiltImages, buildImages } from "./build-images.ts";

/** What can be tried. */
export interface Offered {
  /** Newest first. */
  readonly kernels: readonly Listed<z.infer<typeof kernelOfferSchema>>[];
  /** Newest first. */
  readonly engines: readonly Listed<z.infer<typeof engineOfferSchema>>[];
  /** What machines get when nothing is asked for. */
  readonly standard: BuiltImages;
}

interface Listed<Offer> {
  readonly offer: Offer;
  /** Of a suite that has passed its Valid-Until, and is offered with --allow-expired alone. */
  readonly isExpired: boolean;
}

/** Asks the command line, as users do. */
export async function readOffered(store: TestStore): Promise<Offered> {
  return {
    kernels: await list(store, "kernel", kernelOfferSchema),
    engines: await list(store, "engine", engineOfferSchema),
    standard: await buildImages(store, []),
  };
}

async function list<Offer extends { readonly suite: string }>(
  store: TestStore,
  command: "kernel" | "engine",
  schema: z.ZodType<Offer>,
): Promise<Listed<Offer>[]> {
  const read = async (...flags: string[]) => {
    const { stdout, stderr, exitCode } = await store.tsmachine(command, "ls", "--json", ...flags);
    if (exitCode !== 0) throw new Error(`tsmachine ${command} ls: ${stderr}`);
    return z.array(schema).parse(JSON.parse(stdout));
  };
  const valid = new Set((await read()).map(({ suite }) => suite));
  const all = await read("--allow-expired");
  return all.map((offer) => ({ offer, isExpired: !valid.has(offer.suite) }));
}
