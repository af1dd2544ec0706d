import { resolve } from "node:path";
import type { UnpackedPackages } from "./unpack-packages.ts";

/** Debian's Slurm, unpacked: a cluster of tests runs its programs from there. */
export const slurmRoot = resolve("node_modules/.cache/slurm");

export const slurm: UnpackedPackages = {
  title: "Slurm",
  root: slurmRoot,
  // What a cluster of one host is made of, and what of it no other program is likely to have brought.
  packages: ["slurmctld", "slurmd", "slurm-client", "slurm-wlm-basic-plugins", "munge"],
  libraries: ["libmunge2"],
};
