import { resolve } from "node:path";
import { type Command, Option } from "commander";
import type {
  EngineSelection,
  ImageSelection,
  KernelSelection,
} from "../../core/images/selection.ts";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import { type Architecture, architectureSchema } from "../../host/architecture.ts";
import { parseMirrorUri } from "../../iso/debian/mirrors/parse-mirror.ts";
import type { EngineArchiveOrigin } from "../../iso/images/engine/keep-engine-archive.ts";
import { collect } from "./flag-value.ts";

/** The flags that choose images, as commander gives them. */
export interface ImageFlags extends EngineImageFlags {
  readonly arch?: string;
  readonly kernel?: string;
  readonly kernelImage?: string;
  readonly kernelModules?: string;
  readonly kernelConfig?: string;
  readonly kernelDeb: readonly string[];
}

/** The flags that choose an engine, as commander gives them. */
export interface EngineImageFlags {
  readonly engineVersion?: string;
  readonly engineArchive?: string;
  readonly engineSha256?: string;
}

/** The flags that say where packages come from, as commander gives them. */
export interface SourceFlags {
  readonly mirror?: string;
  readonly allowExpired?: boolean;
}

export function addImageFlags(command: Command): Command {
  command
    .addOption(
      new Option(
        "--arch <ARCHITECTURE>",
        "the machine's processor; this host's unless given",
      ).choices(architectureSchema.options),
    )
    .option(
      "--kernel <VERSION>",
      'one of `tsmachine kernel ls`: "6.1", "6.12-full", "6.12.107"; "full" for the standard one with all drivers; else the standard kernel',
    )
    .option("--kernel-image <FILE>", "a kernel of your own: the bzImage or Image")
    .option("--kernel-modules <FOLDER>", "its modules, as `make modules_install` leaves them")
    .option("--kernel-config <FILE>", "its .config, which tells what it lacks")
    .option(
      "--kernel-deb <FILE>",
      "a kernel of your own: its Debian package; repeatable",
      collect,
      [],
    );
  return addEngineImageFlags(command);
}

export function addEngineImageFlags(command: Command): Command {
  return command
    .option(
      "--engine-version <VERSION>",
      'one of `tsmachine engine ls`: "20.10", "28.5.2"; else the standard engine',
    )
    .option(
      "--engine-archive <FILE>",
      "an engine of your own: the file or URL of a .tgz as upstream's static builds are",
    )
    .option("--engine-sha256 <HASH>", "what the archive's SHA-256 must be; a URL needs it");
}

/** A wrong mirror is refused when the flags are parsed: also when nothing needs to be fetched. */
export function addSourceFlags(command: Command): Command {
  return command
    .addOption(
      new Option("--mirror <URL>", "Debian mirror to take packages from").argParser((uri) =>
        parseMirrorUri(uri, "from --mirror"),
      ),
    )
    .option("--allow-expired", "also take packages of releases that have passed their Valid-Until");
}

/** @throws TsmachineError INVALID_INPUT when flags contradict or lack each other. */
export function parseImageFlags(flags: ImageFlags, host: Architecture): ImageSelection {
  const { arch } = flags;
  return {
    architecture: arch === undefined ? host : architectureSchema.parse(arch),
    kernel: parseKernelFlags(flags),
    engine: parseEngineImageFlags(flags),
  };
}

/** @throws TsmachineError INVALID_INPUT when flags contradict or lack each other. */
export function parseEngineImageFlags(flags: EngineImageFlags): EngineSelection {
  const { engineVersion, engineArchive, engineSha256 } = flags;
  if (engineArchive === undefined && engineSha256 !== undefined) {
    throw new TsmachineError("INVALID_INPUT", "--engine-sha256 is given without --engine-archive", {
      hints: ["give the archive's file or URL with --engine-archive"],
    });
  }
  if (engineVersion !== undefined && engineArchive !== undefined) {
    throw new TsmachineError("INVALID_INPUT", "several engines are given", {
      hints: ["give only one of --engine-version and --engine-archive"],
    });
  }
  if (engineVersion !== undefined) return { kind: "choice", text: engineVersion };
  if (engineArchive === undefined) return { kind: "default" };
  return { kind: "archive", archive: parseEngineArchive(engineArchive, parseHash(engineSha256)) };
}

function parseEngineArchive(text: string, sha256: string | undefined): EngineArchiveOrigin {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return { kind: "file", path: resolve(text), sha256 };
  const { protocol, username, password } = URL.canParse(text) ? new URL(text) : noUrl;
  if (!/^https?:$/.test(protocol)) {
    throw new TsmachineError("INVALID_INPUT", "--engine-archive is no http or https URL", {
      hints: ["give the archive's address with --engine-archive, or the path of a file"],
    });
  }
  if (`${username}${password}` !== "") {
    throw new TsmachineError(
      "INVALID_INPUT",
      "--engine-archive has a name or password in its URL",
      {
        hints: ["fetch the archive yourself, and give the file with --engine-archive"],
      },
    );
  }
  if (sha256 !== undefined) return { kind: "url", url: text, sha256 };
  throw new TsmachineError("INVALID_INPUT", "an engine from a URL needs --engine-sha256", {
    hints: ["give the SHA-256 that the archive must have with --engine-sha256"],
  });
}

const noUrl: Pick<URL, "protocol" | "username" | "password"> = {
  ...{ protocol: "", username: "", password: "" },
};

function parseHash(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const hash = text.toLowerCase();
  if (/^[0-9a-f]{64}$/.test(hash)) return hash;
  throw new TsmachineError("INVALID_INPUT", `--engine-sha256 "${text}" is not a SHA-256`, {
    hints: ["give 64 hexadecimal digits, as sha256sum prints them"],
  });
}

function parseKernelFlags(flags: ImageFlags): KernelSelection {
  const { kernel, kernelImage, kernelModules, kernelConfig, kernelDeb } = flags;
  const files = { kernelImage, kernelModules, kernelConfig };
  const isFiles = Object.values(files).some((value) => value !== undefined);
  const ways = [kernel !== undefined, isFiles, kernelDeb.length > 0].filter((given) => given);
  if (ways.length > 1) {
    throw new TsmachineError("INVALID_INPUT", "several kernels are given", {
      hints: ["give only one of --kernel, --kernel-image with --kernel-modules, and --kernel-deb"],
    });
  }
  if (kernel === "full") return { kind: "default", flavour: "full" };
  if (kernel !== undefined) return { kind: "choice", text: kernel };
  if (kernelDeb.length > 0)
    return { kind: "packages", paths: kernelDeb.map((path) => resolve(path)) };
  if (!isFiles) return { kind: "default" };
  if (kernelImage === undefined || kernelModules === undefined) {
    throw new TsmachineError("INVALID_INPUT", "--kernel-image and --kernel-modules go together", {
      hints: ["give the kernel's file with --kernel-image and its modules with --kernel-modules"],
    });
  }
  const config = kernelConfig === undefined ? undefined : resolve(kernelConfig);
  return {
    kind: "files",
    files: { image: resolve(kernelImage), modules: resolve(kernelModules), config },
  };
}
