import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createWriteStream } from "node:fs";
import { writeCpio } from "../../src/bytes/cpio.ts";
import type { FileEntry } from "../../src/bytes/file-tree.ts";
import { writeIso } from "../../src/bytes/iso9660/write-iso.ts";
import type { Architecture } from "../../src/host/architecture.ts";
import { run } from "../../src/host/run.ts";
import { openArchive } from "../../src/iso/debian/archive.ts";
import type { Mirror } from "../../src/iso/debian/mirrors/mirror.ts";
import { bootLoaders, isOfBootLoader } from "../../src/iso/images/boot/boot-loaders.ts";
import { bootRecipeSchema, readRecipe } from "../../src/iso/recipes/recipe.ts";
import { unpackDeb } from "../../src/iso/unpack/unpack-deb.ts";
import { file } from "./archive-contents.ts";
import { packageDirectory } from "./tsmachine.ts";

const volume = { volumeId: "TSM_BOOT", time: new Date("2026-03-04T05:06:07Z") };
const consoles = { amd64: "ttyS0", arm64: "ttyAMA0" } as const;

/** What the guest prints after its command line when all that a boot loader loads is there. */
export const initramfsGreeting = "the initramfs is up";

/** What a boot loader has to hand on to the kernel. */
export function testCommandLine(architecture: Architecture): string {
  return `console=${consoles[architecture]} quiet panic=-1 tsmachine.test=handed-on`;
}

/**
 * An ISO in the folder, of the packages of templates/recipes/boot.json: its kernel, its boot
 * loaders, and an initramfs that greets and switches the guest off.
 */
export async function buildBootIso(
  architecture: Architecture,
  { mirror, folder }: { readonly mirror: Mirror; readonly folder: string },
): Promise<string> {
  const signal = new AbortController().signal;
  const packaged = await packagedFiles(architecture, { mirror, folder });
  const [kernel] = [...packaged].filter(([path]) => path.startsWith("boot/vmlinuz-"));
  const busybox = packaged.get("usr/bin/busybox");
  if (kernel === undefined || busybox === undefined) throw new Error("the recipe has no kernel");
  const initramfs = join(folder, `${architecture}.initramfs`);
  await pipeline(writeCpio(greetingTree(busybox)), createWriteStream(initramfs));
  const loaders = await bootLoaders({
    ...{ ...volume, packaged, architecture, kernel: "boot/vmlinuz", initramfs: "boot/initramfs" },
    commandLine: testCommandLine(architecture),
  });
  const path = join(folder, `${architecture}.iso`);
  const tree = new Map([
    ...loaders.files,
    ["boot/vmlinuz", kernel[1]] as const,
    ["boot/initramfs", file(await readFile(initramfs))] as const,
  ]);
  await writeIso({ ...volume, ...loaders, tree, path, signal });
  return path;
}

async function packagedFiles(
  architecture: Architecture,
  { mirror, folder }: { readonly mirror: Mirror; readonly folder: string },
): Promise<Map<string, FileEntry>> {
  const signal = new AbortController().signal;
  const templates = join(packageDirectory, "templates");
  const recipe = await readRecipe(templates, "boot", bootRecipeSchema);
  const archive = await openArchive({
    ...{ mirrors: [mirror], suite: recipe.suite, architecture, signal, report: () => {} },
    cacheDirectory: join(packageDirectory, "node_modules/.cache/tsmachine"),
    keysDirectory: join(templates, "keys"),
    now: new Date(),
    // A mirror that is frozen at some day stays usable for tests.
    validUntil: "ignored",
  });
  const { kernel, packages } = recipe.architectures[architecture];
  const wanted = { wanted: [kernel, ...packages], without: recipe.without };
  const spools = join(folder, `${architecture}.spools`);
  await mkdir(spools);
  const files = new Map<string, FileEntry>();
  for (const { name, path } of await archive.fetch(archive.resolve(wanted))) {
    const spoolPath = join(spools, name);
    for (const entry of await unpackDeb({ path, spoolPath, keep: isNeeded, signal })) {
      files.set(...entry);
    }
  }
  return files;
}

function isNeeded(path: string): boolean {
  return isOfBootLoader(path) || path === "usr/bin/busybox" || path.startsWith("boot/vmlinuz-");
}

function greetingTree(busybox: FileEntry): Map<string, FileEntry> {
  const script = [
    "#!/bin/busybox sh",
    "/bin/busybox mount -t proc proc /proc",
    "/bin/busybox cat /proc/cmdline",
    `/bin/busybox echo ${initramfsGreeting}`,
    "/bin/busybox poweroff -f",
    "",
  ].join("\n");
  const console = { type: "character-device", major: 5, minor: 1 } as const;
  return new Map<string, FileEntry>([
    ["bin/busybox", busybox],
    ["dev/console", { ...console, mode: 0o600, uid: 0, gid: 0 }],
    ["init", file(script, 0o755)],
    ["proc", { type: "directory", mode: 0o755, uid: 0, gid: 0 }],
  ]);
}

export interface Boot {
  readonly architecture: Architecture;
  readonly iso: string;
  /** Arguments of QEMU: machine and firmware. */
  readonly firmware: readonly string[];
  /** Arguments of QEMU: the device of the drive "iso". */
  readonly medium: readonly string[];
  /** Where the console's output goes. */
  readonly log: string;
}

const programs = { amd64: "qemu-system-x86_64", arm64: "qemu-system-aarch64" } as const;
const processors = { amd64: "max", arm64: "cortex-a72" } as const;

/** Boots until the guest switches itself off; gives back what it printed. */
export async function bootMedium(boot: Boot): Promise<string> {
  const { architecture, iso, firmware, medium, log } = boot;
  const words = [
    ...["-nodefaults", "-no-user-config", "-display", "none", "-no-reboot"],
    ...["-accel", "tcg", "-cpu", processors[architecture], "-m", "512", "-serial", `file:${log}`],
    ...firmware,
    ...["-drive", `id=iso,if=none,format=raw,snapshot=on,file=${iso}`],
    ...medium,
  ];
  const failure = await run(programs[architecture], words, { timeoutMs: 240_000 }).then(
    () => undefined,
    (error: unknown) => error,
  );
  const output = await readFile(log, "latin1").catch(() => "");
  if (failure !== undefined) throw new Error(`${boot.medium}: ${output}`, { cause: failure });
  return output;
}
