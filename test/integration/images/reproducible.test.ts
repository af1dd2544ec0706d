import { readFileSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import * as z from "zod";
import { run } from "../../../src/host/processes/run.ts";
import { bootImageDesign } from "../../../src/iso/images/boot/boot-image.ts";
import {
  bootImageNames,
  engineImageName,
  imageDirectory,
} from "../../../src/iso/images/cache/image-files.ts";
import {
  type ImageManifest,
  imageManifestSchema,
} from "../../../src/iso/images/cache/image-manifest.ts";
import { engineImageDesign } from "../../../src/iso/images/engine/engine-image.ts";
import type { ImageLock } from "../../../src/iso/images/image-lock.ts";
import { formatLockFile } from "../../../src/iso/images/lock-file.ts";
import { lockOf } from "../../../src/iso/images/making/ensure-image.ts";
import { isLeftOut } from "../../../src/iso/images/package-tree.ts";
import { engineRecipeSchema, readRecipe } from "../../../src/iso/recipes/recipe.ts";
import { readTemplateFolder } from "../../../src/iso/recipes/template-folder.ts";
import { hasProgram } from "../../support/archives/programs.ts";
import { describeFolder } from "../../support/archives/sample-tree.ts";
import { reachableMirror } from "../../support/debian/live-mirror.ts";
import { livePackageSource, sharedCache } from "../../support/images/live-package-source.ts";
import { packageDirectory } from "../../support/machines/tsmachine.ts";
import { type HostOddities, runOnOddHost } from "../../support/providers/odd-host.ts";
import { bundleProgram, type Program } from "../../support/run-typescript.ts";

const mirror = await reachableMirror();
const signal = new AbortController().signal;
const templates = join(packageDirectory, "templates");
const architecture = process.arch === "arm64" ? "arm64" : "amd64";

interface Build {
  readonly cache: string;
  readonly manifests: readonly ImageManifest[];
}

describe.skipIf(mirror === undefined)("images of Debian's packages", () => {
  let program: Program;
  let place: string;
  let locks: readonly ImageLock[];
  let first: Build;

  beforeAll(async () => {
    if (mirror === undefined) return;
    place = await mkdtemp(join(tmpdir(), "tsmachine-reproducible-"));
    program = await bundleProgram(new URL("programs/build-images.ts", import.meta.url));
    locks = await chooseLocks(livePackageSource(mirror, signal));
    first = await build("first", {
      ...{ umask: "000", workingDirectory: "/", templates: "as they are", processors: "all" },
      environment: { HOME: "/", TZ: "UTC", LC_ALL: "C", LANG: "C" },
    });
  });

  afterAll(async () => {
    await program?.[Symbol.asyncDispose]();
    if (place !== undefined) await rm(place, { recursive: true, force: true });
  });

  test("are the same bytes on another host of the same lock", async () => {
    const home = join(place, "home of another");
    await mkdir(home);
    const other = await build("other", {
      ...{ umask: "077", workingDirectory: home, templates: "copied backwards" },
      processors: hasProgram("taskset") ? "one" : "all",
      // Turkish has two more letters i, and Kiritimati is a day ahead.
      environment: {
        ...{ HOME: home, TZ: "Pacific/Kiritimati", LC_ALL: "tr_TR.UTF-8", LANG: "tr_TR.UTF-8" },
        TMPDIR: home,
      },
    });
    expect(other.manifests).toEqual(first.manifests);
  });

  describe.skipIf(!hasProgram("xorriso"))("read by xorriso", () => {
    test.skipIf(!hasProgram("dpkg-deb"))(
      "have every file of the packages as dpkg unpacks it",
      async () => {
        const found = await describeFolder(await extractWithXorriso(isoPath("engine")));
        const packaged = await describeFolder(await unpackWithDpkg());
        const overlay = join(templates, "guest/root");
        const replaced = readTemplateFolder(overlay);
        const { leaveOut } = readRecipe(templates, "engine", engineRecipeSchema);
        const differences = [...packaged].filter(
          ([path, file]) =>
            found.has(path) &&
            !replaced.has(path) &&
            // busybox may be there under the name.
            !isLeftOut(path, leaveOut) &&
            !isEqual(found.get(path), file),
        );
        expect(differences.slice(0, 10)).toEqual([]);
        const shared = [...packaged.keys()].filter((path) => found.has(path));
        expect(shared.length).toBeGreaterThan(500);
      },
    );

    test("have the kernel, the initramfs and the lock that lie beside the boot ISO", async () => {
      const folder = await extractWithXorriso(isoPath("boot"));
      const image = dirname(isoPath("boot"));
      for (const name of ["kernel", "initramfs"] as const) {
        const inIso = join(folder, "boot", name === "kernel" ? "vmlinuz" : name);
        const beside = await readFile(join(image, bootImageNames[name]));
        expect((await readFile(inIso)).equals(beside)).toBe(true);
      }
      const lock = JSON.parse(await readFile(join(folder, "lock.json"), "utf8"));
      expect(lock).toEqual(manifestOf("boot").lock);
    });

    const canMount =
      userInfo().uid === 0 && readFileSync("/proc/filesystems", "utf8").includes("iso9660");
    test.skipIf(!canMount).each(["boot", "engine"] as const)(
      "and by Linux, the %s image holds the same files",
      async (kind) => {
        const mounted = join(place, `mounted ${kind}`);
        await mkdir(mounted);
        await run("mount", ["-t", "iso9660", "-o", "loop,ro", isoPath(kind), mounted]);
        onTestFinished(async () => {
          await run("umount", [mounted]);
        });
        const byLinux = await describeFolder(mounted);
        const byXorriso = await describeFolder(await extractWithXorriso(isoPath(kind)));
        expect([...byLinux.keys()]).toEqual([...byXorriso.keys()]);
        const differing = [...byLinux].filter(
          ([path, file]) => !isEqual(byXorriso.get(path), file),
        );
        expect(differing.slice(0, 10)).toEqual([]);
      },
    );
  });

  async function chooseLocks(source: ReturnType<typeof livePackageSource>) {
    const report = { detail: () => {}, bytes: () => {} };
    const wish = { kind: "default" } as const;
    const designs = [
      await bootImageDesign(templates, { architecture, kernel: wish }),
      await engineImageDesign(templates, { architecture, engine: wish }),
    ];
    const chosen: ImageLock[] = [];
    for (const design of designs) {
      const lock = lockOf(design, await design.choose(source, report));
      await source.fetch({ packages: lock.packages, date: lock.releases[0]?.date ?? "" }, () => {});
      chosen.push(lock);
    }
    return chosen;
  }

  /** Builds both images in a process of its own, with a cache that has packages alone. */
  async function build(name: string, oddities: HostOddities): Promise<Build> {
    const cache = join(place, name);
    await mkdir(cache);
    await symlink(join(sharedCache, "packages"), join(cache, "packages"));
    const lockPath = join(place, `${name}.lock.json`);
    await writeFile(lockPath, formatLockFile(locks));
    const stdout = await runOnOddHost({
      ...{ program: program.path, oddities, templatesCopy: join(place, `${name} templates`) },
      args: [cache, lockPath],
    });
    return { cache, manifests: z.array(imageManifestSchema).parse(JSON.parse(stdout)) };
  }

  function manifestOf(kind: "boot" | "engine"): ImageManifest {
    const manifest = first.manifests.find(({ lock }) => lock.kind === kind);
    if (manifest === undefined) throw new Error(`there is no ${kind} image`);
    return manifest;
  }

  function isoPath(kind: "boot" | "engine"): string {
    const file = kind === "boot" ? bootImageNames.iso : engineImageName;
    return join(imageDirectory(first.cache, kind, manifestOf(kind).key), file);
  }

  async function extractWithXorriso(path: string): Promise<string> {
    const folder = await mkdtemp(join(place, "extracted-"));
    await run("xorriso", [
      ...["-abort_on", "WARNING", "-osirrox", "on:device_files", "-indev", path],
      ...["-extract", "/", folder],
    ]);
    return folder;
  }

  /** All packages of the engine image in one folder, in the order of the lock. */
  async function unpackWithDpkg(): Promise<string> {
    const folder = await mkdtemp(join(place, "packaged-"));
    for (const { sha256 } of manifestOf("engine").lock.packages) {
      await run("dpkg-deb", ["-x", join(sharedCache, "packages", `${sha256}.deb`), folder]);
    }
    return folder;
  }
});

function isEqual(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
