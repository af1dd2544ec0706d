import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

const bootRecipe = {
  suite: "trixie",
  architectures: {
    amd64: {
      kernel: { cloud: "linux-image-cloud-amd64", full: "linux-image-amd64" },
      packages: ["busybox-static", "boot-loaders", "isolinux", "syslinux-common"],
      commandLine: "console=ttyS0 quiet",
    },
    arm64: {
      kernel: { cloud: "linux-image-cloud-arm64", full: "linux-image-arm64" },
      packages: ["busybox-static", "boot-loaders"],
      commandLine: "console=ttyAMA0 quiet",
    },
  },
  without: [],
  modules: {
    indispensable: ["isofs", "overlay"],
    boot: ["isofs", "overlay"],
    drivers: [],
    engine: ["bridge", "cdrom"],
    onRequest: [],
  },
  applets: ["sh", "mount"],
};

const engineRecipe = {
  suite: "trixie",
  engine: { package: "docker.io", packages: ["docker.io"] },
  archive: { packages: ["libseccomp2"] },
  packages: ["ca-certificates", "busybox-static"],
  optional: ["hyperv-daemons"],
  without: [],
  leaveOut: ["usr/share/doc/", "usr/lib/systemd/", "etc/default/docker"],
  directories: { tmp: "1777", "var/lib/docker": "0710" },
  symlinks: { bin: "usr/bin", lib: "usr/lib" },
  modes: { "etc/shadow": "0600" },
  applets: { "usr/bin": ["ls", "mount"], "usr/sbin": ["halt"] },
};

const kernelRequirements = [
  {
    ...{ group: "storage", title: "overlay", level: "required", anyOf: ["OVERLAY_FS"] },
    without: "no container starts",
  },
  {
    ...{ group: "packet filter", title: "sets", level: "required", anyOf: ["IP_SET"] },
    ...{ without: "no network", engines: { since: "28.0", until: "28.0.0" } },
  },
  {
    ...{ group: "packet filter", title: "filter", level: "required", anyOf: ["Y", "Z"] },
    ...{ without: "no container starts", engines: { since: "28.5" } },
  },
];

/** The files of templates/ that images are made of, small. */
const fakeTemplates: Readonly<Record<string, string>> = {
  "recipes/boot.json": JSON.stringify(bootRecipe),
  "recipes/engine.json": JSON.stringify(engineRecipe),
  "kernel-requirements.json": JSON.stringify(kernelRequirements),
  "guest/initramfs/init": "#!/bin/sh\necho first process\n",
  "guest/root/etc/shadow": "root:*::\n",
  "guest/root/usr/lib/tsmachine/boot": "#!/bin/sh\necho boot\n",
};

/** Writes them into the folder, with some in another form. */
export async function writeFakeTemplates(
  folder: string,
  changes: Readonly<Record<string, string>> = {},
): Promise<void> {
  for (const [path, text] of Object.entries({ ...fakeTemplates, ...changes })) {
    const target = join(folder, path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, text);
  }
}

/** The recipe of boot images with other modules that are indispensable. */
export function bootRecipeWanting(...indispensable: readonly string[]): string {
  return JSON.stringify({ ...bootRecipe, modules: { ...bootRecipe.modules, indispensable } });
}

/** The recipe of engine images with a mode for a file that no template is. */
export const engineRecipeWithStrayMode = JSON.stringify({
  ...engineRecipe,
  modes: { "etc/passwd": "0600" },
});
