// What modinfo(8) shows: the .modinfo section, NUL-terminated "key=value" texts,
// https://docs.kernel.org/kbuild/modules.html
import { invalidArchive } from "../unpack/invalid-archive.ts";
import { findElfSection } from "./elf-section.ts";

export interface ModuleInfo {
  /** With underscores, as the kernel has it. */
  readonly name: string;
  /** Names of the modules that must be loaded before; underscores and dashes as written. */
  readonly depends: readonly string[];
  /**
   * Names, or patterns, of modules that it works better with: its softdep and weakdep of
   * modprobe.d(5), those to load before, after or by itself alike.
   */
  readonly prefers: readonly string[];
  /** Patterns by which the kernel and modprobe(8) ask for the module. */
  readonly aliases: readonly string[];
}

/**
 * What the kernel module `ko`, uncompressed, says of itself. `path` is named in errors.
 * @throws TsmachineError ARCHIVE_INVALID when it is no 64-bit little-endian kernel module.
 */
export function readModuleInfo(ko: Uint8Array, path: string): ModuleInfo {
  const section = findElfSection(ko, ".modinfo");
  if (section === undefined) throw invalidArchive(path, "it is not a kernel module");
  const texts = Buffer.from(section).toString("utf8").split("\0");
  const valuesOf = (key: string) =>
    texts.filter((text) => text.startsWith(`${key}=`)).map((text) => text.slice(key.length + 1));
  const [name] = valuesOf("name");
  if (name === undefined || name === "")
    throw invalidArchive(path, "the kernel module has no name");
  return {
    name,
    depends: valuesOf("depends").flatMap((list) => list.split(",").filter((item) => item !== "")),
    prefers: [...valuesOf("softdep"), ...valuesOf("weakdep")].flatMap(preferredNames),
    aliases: valuesOf("alias"),
  };
}

/** "pre: crypto-crc32c mbcache post: zstd" */
function preferredNames(dependency: string): string[] {
  return dependency.split(/\s+/).filter((word) => word !== "" && !word.endsWith(":"));
}
