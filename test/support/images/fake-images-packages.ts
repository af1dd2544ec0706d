import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { LockedPackage } from "../../../src/iso/debian/lock.ts";
import { grubPackagedPaths } from "../../../src/iso/images/boot/grub.ts";
import { debPackage, type TestHeader, tarArchive } from "../archives/deb.ts";
import { kernelModule } from "../archives/kernel-module.ts";

type FakeFiles = Readonly<Record<string, string | Buffer>>;

/** A package that is small, with the paths and what an image takes from it. */
export interface FakePackage {
  readonly name: string;
  readonly version: string;
  readonly depends?: readonly string[];
  readonly files?: FakeFiles;
}

export const fakeKernel = "6.12.1-cloud-amd64";

/** What the recipes of fake-images-templates.ts ask for, and some files that they leave out. */
export const fakePackages: readonly FakePackage[] = [
  {
    ...{ name: "linux-image-cloud-amd64", version: "6.12.1-1" },
    depends: [`linux-image-${fakeKernel}`],
  },
  {
    ...{ name: `linux-image-${fakeKernel}`, version: "6.12.1-1" },
    files: {
      [`boot/vmlinuz-${fakeKernel}`]: "kernel",
      [`boot/config-${fakeKernel}`]: "CONFIG_OVERLAY_FS=m\n",
      ...modules({
        "kernel/drivers/cdrom/cdrom.ko": ["name=cdrom", "depends="],
        "kernel/fs/isofs/isofs.ko": ["name=isofs", "depends=cdrom", "alias=fs-iso9660"],
        "kernel/fs/unwanted.ko": ["name=unwanted", "depends="],
        "kernel/net/802/stp.ko": ["name=stp", "depends="],
        "kernel/net/bridge/bridge.ko": ["name=bridge", "depends=stp"],
      }),
      [`usr/lib/modules/${fakeKernel}/modules.builtin`]: "kernel/fs/overlay.ko\n",
    },
  },
  {
    ...{ name: "busybox-static", version: "1.37" },
    files: { "usr/bin/busybox": "busybox", "usr/share/doc/busybox-static/copyright": "GPL-2" },
  },
  {
    ...{ name: "boot-loaders", version: "2.12" },
    files: Object.fromEntries(grubPackagedPaths.map((path) => [path, path])),
  },
  {
    ...{ name: "isolinux", version: "6.04" },
    files: {
      "usr/lib/ISOLINUX/isolinux.bin": "isolinux".repeat(256),
      "usr/lib/ISOLINUX/isohdpfx.bin": "disk code",
    },
  },
  {
    ...{ name: "syslinux-common", version: "6.04" },
    files: { "usr/lib/syslinux/modules/bios/ldlinux.c32": "ldlinux" },
  },
  {
    ...{ name: "docker.io", version: "26.1.5+dfsg1-9" },
    files: {
      "usr/sbin/dockerd": "dockerd",
      "usr/share/doc/docker.io/copyright": "Apache-2.0",
      "lib/systemd/system/docker.service": "[Unit]\n",
      "lib/x86_64-linux-gnu/libc.so.6": "libc",
      "etc/default/docker": "DOCKER_OPTS=\n",
    },
  },
  { ...{ name: "libseccomp2", version: "2.6" }, files: { "usr/lib/libseccomp.so.2": "seccomp" } },
  {
    ...{ name: "ca-certificates", version: "20250419" },
    files: {
      "usr/share/ca-certificates/mozilla/B.crt": "certificate B\n",
      "usr/share/ca-certificates/mozilla/A.crt": "certificate A\n",
      "usr/sbin/mount": "the package's own mount",
    },
  },
];

/** Writes the package as a .deb below the folder: the same package gives the same bytes. */
export async function writeFakePackage(folder: string, item: FakePackage): Promise<LockedPackage> {
  const { name, version, files = {} } = item;
  const deb = debPackage({ name: "data.tar", content: await dataArchive(files) });
  const locked = {
    ...{ name, version, architecture: "amd64", size: deb.length },
    filename: `pool/main/${name[0]}/${name}/${name}_${version}_amd64.deb`,
    sha256: createHash("sha256").update(deb).digest("hex"),
  };
  await mkdir(folder, { recursive: true });
  await writeFile(fakePackagePath(folder, locked), deb);
  return locked;
}

export function fakePackagePath(folder: string, { sha256 }: LockedPackage): string {
  return join(folder, `${sha256}.deb`);
}

function dataArchive(files: FakeFiles): Promise<Buffer> {
  const mtime = new Date(0);
  return tarArchive(
    Object.entries(files).map(([path, content]): [TestHeader, string | Buffer] => [
      { name: `./${path}`, mode: path.includes("bin/") ? 0o755 : 0o644, mtime },
      content,
    ]),
  );
}

function modules(infos: Readonly<Record<string, readonly string[]>>): FakeFiles {
  return Object.fromEntries(
    Object.entries(infos).map(([path, info]) => [
      `usr/lib/modules/${fakeKernel}/${path}`,
      kernelModule(...info),
    ]),
  );
}
