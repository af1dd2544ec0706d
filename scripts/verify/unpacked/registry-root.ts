import { resolve } from "node:path";
import type { UnpackedPackages } from "./unpack-packages.ts";

/** Debian's registry of container images, unpacked: tests run it from there. */
export const registryRoot = resolve("node_modules/.cache/docker-registry");

export const dockerRegistry: UnpackedPackages = {
  title: "docker-registry",
  root: registryRoot,
  packages: ["docker-registry"],
};
