import * as z from "zod";
import type { PackageIndex } from "../debian/packages/package-index.ts";

/** An engine that a suite has whole. */
export const engineOfferSchema = z.object({
  /** "26.1" */
  series: z.string(),
  /** "26.1.5" */
  version: z.string(),
  /** Of docker.io: "26.1.5+dfsg1-9+deb13u1". */
  packageVersion: z.string(),
  /** Of containerd: "1.7.24~ds1-6+deb13u1". */
  containerdVersion: z.string(),
  /** Of runc: "1.1.15+ds1-2+b4". */
  runcVersion: z.string(),
  suite: z.string(),
  /** What docker.io, containerd and runc are to download. */
  sizeBytes: z.number().int().positive(),
});
export type EngineOffer = Readonly<z.infer<typeof engineOfferSchema>>;

/** The engine of the index, in its newest version; none unless containerd and runc are there too. */
export function engineOffersIn(index: PackageIndex, suite: string): readonly EngineOffer[] {
  const [engine, containerd, runc] = ["docker.io", "containerd", "runc"].map(
    (name) => index.versionsOf(name)[0]?.locked,
  );
  if (engine === undefined || containerd === undefined || runc === undefined) return [];
  const [, version, series] = /^(?:\d+:)?((\d+\.\d+)[0-9.]*)/.exec(engine.version) ?? [];
  if (version === undefined || series === undefined) return [];
  return [
    {
      ...{ series, version, packageVersion: engine.version, suite },
      ...{ containerdVersion: containerd.version, runcVersion: runc.version },
      sizeBytes: engine.size + containerd.size + runc.size,
    },
  ];
}
