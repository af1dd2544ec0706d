import { resolve } from "node:path";
import type { EngineSelection, KernelSelection } from "../../core/images/selection.ts";
import type { NeededFile } from "./needed-file.ts";
import type { Definition } from "./schema/definition-schema.ts";
import type { OwnEngine, OwnKernel } from "./schema/own-images-schema.ts";
import { type Path, refusal } from "./source/source.ts";
import type { Origin } from "./workloads.ts";

/** The kernels that the definition brings, by their names. @throws TsmachineError INVALID_INPUT */
export function ownKernels(
  { kernels = {} }: Pick<Definition, "kernels">,
  origin: Origin,
): Readonly<Record<string, KernelSelection>> {
  return Object.fromEntries(
    Object.entries(kernels).map(([name, given]) => [
      name,
      kernelOf(given, ["kernels", name], origin),
    ]),
  );
}

/** The engines that the definition brings, by their names. @throws TsmachineError INVALID_INPUT */
export function ownEngines(
  { engines = {} }: Pick<Definition, "engines">,
  origin: Origin,
): Readonly<Record<string, EngineSelection>> {
  return Object.fromEntries(
    Object.entries(engines).map(([name, given]) => [
      name,
      engineOf(given, ["engines", name], origin),
    ]),
  );
}

/** The files of this host that they are made of, each with its place in the source. */
export function filesOfOwnImages(
  { kernels = {}, engines = {} }: Pick<Definition, "kernels" | "engines">,
  origin: Origin,
): NeededFile[] {
  return [
    ...Object.entries(kernels).flatMap(([name, given]) => filesOfKernel(name, given, origin)),
    ...Object.entries(engines).flatMap(([name, given]) => filesOfEngine(name, given, origin)),
  ];
}

function kernelOf(
  { image, modules, config, packages }: OwnKernel,
  path: Path,
  { source, directory }: Origin,
): KernelSelection {
  const at = (file: string) => resolve(directory, file);
  const refuse = (what: string, hint: string) => refusal(source.placeOf(path), { what, hint });
  if (packages !== undefined) {
    if (image === undefined && modules === undefined && config === undefined) {
      return { kind: "packages", paths: packages.map(at) };
    }
    throw refuse("there are packages and files", "keep one of packages and image with modules");
  }
  if (image === undefined || modules === undefined) {
    throw refuse("a part of the kernel is missing", "add image and modules, or packages");
  }
  const files = { image: at(image), modules: at(modules) };
  return {
    kind: "files",
    files: { ...files, ...(config !== undefined && { config: at(config) }) },
  };
}

function engineOf(
  { archive, sha256 }: OwnEngine,
  path: Path,
  { source, directory }: Origin,
): EngineSelection {
  if (!isUrl(archive)) {
    const file = { kind: "file", path: resolve(directory, archive) } as const;
    return { kind: "archive", archive: { ...file, sha256 } };
  }
  if (sha256 !== undefined) {
    return { kind: "archive", archive: { kind: "url", url: archive, sha256 } };
  }
  throw refusal(source.placeOf(path), {
    what: "a URL needs its sha256",
    hint: "add sha256 with what the archive's SHA-256 must be",
  });
}

function filesOfKernel(
  name: string,
  { image, modules, config, packages = [] }: OwnKernel,
  { source, directory }: Origin,
): NeededFile[] {
  const needed = (
    file: string | undefined,
    kind: NeededFile["kind"],
    within: Path,
  ): NeededFile[] =>
    file === undefined
      ? []
      : [
          {
            ...{ path: resolve(directory, file), kind },
            place: source.placeOf(["kernels", name, ...within]).text,
          },
        ];
  return [
    ...needed(image, "file", ["image"]),
    ...needed(modules, "file or folder", ["modules"]),
    ...needed(config, "file", ["config"]),
    ...packages.flatMap((file, index) => needed(file, "file", ["packages", index])),
  ];
}

function filesOfEngine(
  name: string,
  { archive }: OwnEngine,
  { source, directory }: Origin,
): NeededFile[] {
  if (isUrl(archive)) return [];
  const place = source.placeOf(["engines", name, "archive"]).text;
  return [{ path: resolve(directory, archive), kind: "file", place }];
}

function isUrl(text: string): boolean {
  return /^https?:\/\//.test(text);
}
