import { createHash } from "node:crypto";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { provideImages } from "../../../../src/core/images/images.ts";
import { fakePackages } from "../../../support/images/fake-images-packages.ts";
import { type CoreWorld, coreWorld, runningMachine } from "../../../support/worlds/core-world.ts";
import { isoCommands } from "../../../support/worlds/iso-commands.ts";

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let world: CoreWorld;
beforeEach(async () => {
  world = await coreWorld();
});

const { iso, images, pathIn } = isoCommands(() => world);
const imagesFolder = () => join(world.context.store.layout.cache, "images");

describe("a wrong --mirror", () => {
  test.each([
    "mirror.example/debian",
    "nonsense",
    "",
    "ftp://mirror.example/debian",
    "http://x:99999/",
  ])("is refused also when nothing is to be fetched: %s", async (mirror) => {
    await iso("build");
    world.packages.requests.length = 0;
    for (const command of ["build", "verify"]) {
      await expect(iso(command, "--mirror", mirror)).rejects.toMatchObject({
        code: "INVALID_INPUT",
        message: expect.stringMatching(/^the Debian mirror from --mirror is not an http, https /),
      });
    }
    expect(world.packages.requests).toEqual([]);
  });
});

describe("iso ls", () => {
  test("lists what builds have made, which of it is current and which machines use it", async () => {
    const built = await images("build");
    expect(built.map(({ kind }) => kind)).toEqual(["boot", "engine"]);
    await runningMachine(world);
    const listed = await images("ls");
    expect(listed).toMatchObject(built.map((image) => ({ ...image, isCurrent: true })));
    expect(listed).toMatchObject([{ machines: ["dev"] }, { machines: ["dev"] }]);
    world.packages.packages = fakePackages.map((item) =>
      item.name === "isolinux" ? { ...item, version: "6.05" } : item,
    );
    await iso("build", "--refresh");
    const { stdout } = await iso("ls");
    expect(stdout).toMatch(/^KIND +VERSION +ARCH +SUITE +PACKAGES +SIZE +KEY +CURRENT +MACHINES$/m);
    expect(stdout).toMatch(/^engine +26\.1\.5 +amd64 +trixie +3 .* \* +dev$/m);
    expect(stdout).toMatch(new RegExp(`^boot .* ${built[0]?.key} +- +dev$`, "m"));
    expect(stdout).toMatch(/^boot .* \*$/m);
  });

  test("shows an image whose manifest is damaged, too", async () => {
    await iso("build");
    await writeFile(await pathIn("boot", "image.json"), "{");
    expect((await iso("ls")).stdout).toMatch(/^boot +\(damaged\) +/m);
    expect((await images("ls"))[0]).toMatchObject({ problem: "image.json is missing or damaged" });
  });

  test("warns of a machine whose images nobody knows", async () => {
    await runningMachine(world);
    await writeFile(world.context.store.machineLayout("dev").record, "{");
    await iso("ls");
    expect(world.warnings[0]).toMatch(/^which images machine "dev" uses is not known: /);
  });
});

describe("iso inspect", () => {
  test("prints what the images of create are made of", async () => {
    const [boot, engine] = await images("build");
    const { stdout } = await iso("inspect");
    expect(stdout).toMatch(new RegExp(`^boot image ${boot?.key}$`, "m"));
    expect(stdout).toMatch(/^kernel +6\.12\.1-cloud-amd64$/m);
    expect(stdout).toMatch(/^release +trixie of 2026-11-20T12:00:00.000Z$/m);
    expect(stdout).toMatch(/^busybox-static +1\.37 +amd64 +trixie +debian$/m);
    expect(stdout).toMatch(new RegExp(`^engine image ${engine?.key}$`, "m"));
    expect(await images("inspect")).toEqual(await images("ls"));
  });

  test("takes the key of an image or the name of a machine", async () => {
    await runningMachine(world);
    const [boot, engine] = await images("ls");
    expect(await images("inspect", boot?.key ?? "")).toEqual([boot]);
    expect(await images("inspect", "dev")).toEqual([boot, engine]);
  });

  test.each(["nobody", "0123456789abcdef"])("refuses %s, which is neither", async (name) => {
    await expect(iso("inspect", name)).rejects.toMatchObject({
      code: "IMAGE_UNKNOWN",
      message: `neither an image nor a machine is called "${name}"`,
    });
  });

  test("says what to do when there is no image yet, or a machine's is gone", async () => {
    await expect(iso("inspect")).rejects.toMatchObject({
      ...{ code: "IMAGE_MISSING", hints: ["run `tsmachine iso build`"] },
    });
    await runningMachine(world);
    await rm(imagesFolder(), { recursive: true });
    await expect(iso("inspect", "dev")).rejects.toMatchObject({
      ...{ code: "IMAGE_MISSING", hints: ["run `tsmachine start dev`, which makes it again"] },
    });
  });

  test.each([
    { flags: ["--sbom"], head: { spdxVersion: "SPDX-2.3" } },
    { flags: ["--sbom=spdx"], head: { spdxVersion: "SPDX-2.3" } },
    { flags: ["--sbom=cyclonedx"], head: { bomFormat: "CycloneDX", specVersion: "1.6" } },
  ])("prints a bill of materials for $flags", async ({ flags, head }) => {
    await iso("build");
    expect(JSON.parse((await iso("inspect", ...flags)).stdout)).toMatchObject(head);
  });
});

describe("iso verify", () => {
  test("finds nothing wrong with what was built, also when it is made again", async () => {
    await iso("build");
    const plain = await iso("verify");
    expect(plain.exitStatus).toBe(0);
    expect(plain.stdout).toMatch(/^boot +6\.12\.1-cloud-amd64 +[0-9a-f]{16} +0\/6 +ok$/m);
    expect((await iso("verify", "--rebuild", "--all")).exitStatus).toBe(0);
  });

  test.each([
    { file: "initramfs", text: "otherwise", problem: "has 9 bytes in place of" },
    { file: "kernel", text: "kernal", problem: "is not what was built" },
    { file: "boot.iso", text: undefined, problem: "is missing" },
    { file: "image.json", text: "{", problem: "is missing or damaged" },
  ])("ends with 1 and names $file when it $problem", async ({ file, text, problem }) => {
    await iso("build");
    const path = await pathIn("boot", file);
    await (text === undefined ? rm(path) : writeFile(path, text));
    const { stdout, exitStatus } = await iso("verify", "--all");
    expect(exitStatus).toBe(1);
    expect(stdout).toContain(`${file} ${problem}`);
    expect(stdout).toMatch(/^engine .* ok$/m);
  });

  test("sees by the lock that files and manifest were changed together", async () => {
    const { context } = world;
    const request = { freshness: "cached", architecture: "amd64" } as const;
    const standard = { kind: "default" } as const;
    const { boot } = await provideImages(context, {
      ...{ ...request, kernel: standard, engine: standard },
    });
    const manifest = join(boot.directory, "image.json");
    const config = "CONFIG_OVERLAY_FS=y\n";
    await writeFile(join(boot.directory, "config"), config);
    const sha256 = createHash("sha256").update(config).digest("hex");
    expect(config).toHaveLength(boot.manifest.files.config?.size ?? 0);
    const text = await readFile(manifest, "utf8");
    await writeFile(manifest, text.replace(boot.manifest.files.config?.sha256 ?? "", sha256));
    const { stdout, exitStatus } = await iso("verify", "--rebuild", boot.manifest.key);
    expect(exitStatus).toBe(1);
    expect(stdout).toMatch(/ config comes out otherwise when it is made again of the lock$/m);
    expect(stdout).not.toContain("is not what was built");
  });

  test("says why an image cannot be made again", async () => {
    await iso("build");
    const path = await pathIn("boot", "image.json");
    const text = await readFile(path, "utf8");
    await writeFile(path, text.replace(/"templates": "[0-9a-f]{64}"/, `"templates": ""`));
    const { stdout, exitStatus } = await iso("verify", "--rebuild");
    expect(exitStatus).toBe(1);
    expect(stdout).toContain("image.json cannot be made again: the lock of the boot image");
  });

  test("refuses keys of no image, and keys beside --all", async () => {
    await iso("build");
    await expect(iso("verify", "0123456789abcdef")).rejects.toMatchObject({
      ...{ code: "IMAGE_UNKNOWN", hints: ["see `tsmachine iso ls` for the images there are"] },
    });
    await expect(iso("verify", "--all", "x")).rejects.toMatchObject({ code: "INVALID_INPUT" });
  });
});
