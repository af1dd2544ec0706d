import { join } from "node:path";
import * as z from "zod";
import { parseJson } from "../../bytes/parse-json.ts";
import {
  makePrivateDirectory,
  readTextIfPresent,
  writeFileAtomic,
} from "../../host/files/files.ts";
import { engineOfferSchema } from "./engine-offers.ts";
import { kernelOfferSchema } from "./kernel-offers.ts";

const suiteOffersSchema = z.object({
  /** Raised when the same index would give other offers. */
  revision: z.literal(2),
  kernels: z.array(kernelOfferSchema).readonly(),
  engines: z.array(engineOfferSchema).readonly(),
});

/** What one suite offers. */
export type SuiteOffers = Omit<z.infer<typeof suiteOffersSchema>, "revision">;

export interface OffersKey {
  readonly cacheDirectory: string;
  readonly suite: string;
  /** Of the suite's index, as its release gives it: lower-case hexadecimal. */
  readonly indexSha256: string;
}

/**
 * What was found in an index of that hash: reading the file takes a millisecond, the index with its
 * 50 MB a second. Where there is none, or a damaged one, `derive` finds it.
 */
export async function cachedOffers(
  { cacheDirectory, suite, indexSha256 }: OffersKey,
  derive: () => Promise<SuiteOffers>,
): Promise<SuiteOffers> {
  const directory = join(cacheDirectory, "offers");
  const path = join(directory, `${suite}-${indexSha256}.json`);
  const { data } = suiteOffersSchema.safeParse(parseJson((await readTextIfPresent(path)) ?? ""));
  if (data !== undefined) return data;
  const offers = await derive();
  await makePrivateDirectory(directory);
  await writeFileAtomic(path, `${JSON.stringify({ revision: 2, ...offers })}\n`);
  return offers;
}
