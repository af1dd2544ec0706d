import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { writeCpio } from "../../../src/bytes/cpio.ts";
import type { FileEntry } from "../../../src/bytes/file-tree.ts";
import { writeIso } from "../../../src/bytes/iso9660/write-iso.ts";
import type { Architecture } from "../../../src/host/architecture.ts";
import { openArchive } from "../../../src/iso/debian/archive.ts";
import type { Mirror } from "../../../src/iso/debian/mirrors/mirror.ts";
import { bootLoaders, isOfBootLoader } from "../../../src/iso/images/boot/boot-loaders.ts";
import { packKernel } from "../../../src/iso/images/boot/pack-kernel.ts";
import { bootRecipeSchema, readRecipe } from "../../../src/iso/recipes/recipe.ts";
import { unpackDeb } from "../../../src/iso/unpack/unpack-deb.ts";
import { file } from "../archives/contents.ts";
import { packageDirectory } from "../machines/tsmachine.ts";

const volume = { volumeId: "TSM_BOOT", time: new Date("2026-03-04T05:06:07Z") };
const consoles = { amd64: "ttyS0", arm64: "ttyAMA0" } as const;

/** What the guest prints after its command line when all that a boot loader loads is there. */
export const initramfsGreeting = "the initramfs is up";

/** What a boot loader has to hand on to the kernel. */
export function testCommandLine(architecture: Architecture): string {
  return `console=${consoles[architecture]} panic=-1 tsmachine.test=handed-on`;
}

interface Place {
  readonly mirror: Mirror;
  readonly folder: string;
}

export interface BootIsos {
  readonly whole: string;
  /** Without El Torito's boot records: what is left to firmware that knows disks by partitions. */
  readonly partitionsAlone: string;
}

/**
 * ISOs in the folder, of the packages of templates/recipes/boot.json: its kernel, its boot
 * loaders, and an initramfs that greets and switches the guest off.
 */
export async function buildBootIsos(
  architecture: Architecture,
  { mirror, folder }: Place,
): Promise<BootIsos> {
  const signal = new AbortController().signal;
  const packaged = await packagedFiles(architecture, { mirror, folder });
  const [, kernel] = [...packaged].find(([path]) => path.startsWith("boot/vmlinuz-")) ?? [];
  const busybox = packaged.get("usr/bin/busybox");
  if (kernel?.type !== "file" || busybox === undefined) throw new Error("the recipe has no kernel");
  const packedKernel = { ...kernel, content: await packKernel(kernel.content) };
  const initramfs = file(await buffer(writeCpio(greetingTree(busybox))));
  const loaders = await bootLoaders({
    ...{ ...volume, packaged, architecture, kernel: "boot/vmlinuz", initramfs: "boot/initramfs" },
    commandLine: testCommandLine(architecture),
  });
  const tree = new Map([
    ...loaders.files,
    ["boot/vmlinuz", packedKernel] as const,
    ["boot/initramfs", initramfs] as const,
  ]);
  const whole = join(folder, `${architecture}.iso`);
  const partitionsAlone = join(folder, `${architecture}-disk.iso`);
  await writeIso({ ...volume, ...loaders, tree, path: whole, signal });
  await writeIso({ ...volume, disk: loaders.disk, tree, path: partitionsAlone, signal });
  return { whole, partitionsAlone };
}

async function packagedFiles(
  architecture: Architecture,
  { mirror, folder }: Place,
): Promise<Map<string, FileEntry>> {
  const signal = new AbortController().signal;
  const templates = join(packageDirectory, "templates");
  const recipe = readRecipe(templates, "boot", bootRecipeSchema);
  const archive = await openArchive({
    ...{ mirrors: [mirror], suite: recipe.suite, architecture, signal, report: () => {} },
    cacheDirectory: join(packageDirectory, "node_modules/.cache/tsmachine"),
    keysDirectory: join(templates, "keys"),
    now: new Date(),
    // A mirror that is frozen at some day stays usable for tests.
    validUntil: "ignored",
  });
  const { kernel, packages } = recipe.architectures[architecture];
  const wanted = { wanted: [kernel.cloud, ...packages], without: recipe.without };
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
