import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { matrixCommand } from "../../../../../src/cli/commands/matrix/matrix.ts";
import { fakePackages } from "../../../../support/images/fake-images-packages.ts";
import { temporaryDirectory } from "../../../../support/temporary-directory.ts";
import { runCommand } from "../../../../support/worlds/cli-world.ts";
import { type CoreWorld, coreWorld } from "../../../../support/worlds/core-world.ts";

let world: CoreWorld;
let path: string;
beforeEach(async () => {
  world = await coreWorld();
  const kernels = ["5.10.1", "6.1.1", "6.12.1"].map((version) => ({
    ...{ name: `linux-image-${version}-cloud-amd64`, version: `${version}-1` },
    files: { [`boot/config-${version}-cloud-amd64`]: "CONFIG_OVERLAY_FS=m\n" },
  }));
  const others = ["containerd", "runc"].map((name) => ({ name, version: "1.7.24" }));
  world.packages.packages = [...fakePackages, ...kernels, ...others];
  path = join(await temporaryDirectory(), "matrix.yaml");
  const workload = { name: "w", run: ["true"] };
  await writeFile(path, JSON.stringify({ kernel: "6.1", engine: "26.1", workloads: [workload] }));
});

const matrix = (...args: string[]) => runCommand(world, matrixCommand, args);

describe("flags that define a matrix", () => {
  test.each([
    ["--kernel", ["--kernel", "6.1"]],
    ["--memory", ["--memory", "512"]],
    ["--storage-driver", ["--storage-driver", "vfs"]],
    ["--allow-splat", ["--allow-splat", "lockdep"]],
  ])("are refused beside a file: %s", async (flag, args) => {
    await expect(matrix("plan", ...args, path)).rejects.toMatchObject({
      ...{ code: "INVALID_INPUT", message: `${flag} is given beside the definition ${path}` },
      hints: [`write it into ${path}, or give --kernel and a command after \`--\` in its place`],
    });
  });

  test("that are not given leave a file as it is", async () => {
    const { stdout } = await matrix("plan", path);
    expect(stdout).toContain("6.1/26.1");
  });

  test("have the engine that create takes where they name none", async () => {
    const { stdout } = await matrix("plan", "--kernel", "6.1", "--", "./test.sh");
    expect(stdout).toContain("6.1/26.1");
  });
});

describe("bisect", () => {
  const bisect = (...args: string[]) => matrix("bisect", "--kernel", "5.10..6.12", ...args);

  test("refuses several values beside the range, before anything is booted", async () => {
    for (const flags of [
      ["--memory", "512,1024"],
      ["--engine", "26.1,20.10"],
      ["--arch", "amd64,arm64"],
    ]) {
      await expect(bisect(...flags, "--", "true")).rejects.toMatchObject({
        ...{ code: "INVALID_INPUT", message: expect.stringContaining("several values") },
      });
    }
  });

  test("takes the default engine, and no file", async () => {
    world.packages.packages = world.packages.packages.filter(({ name }) => name !== "runc");
    await expect(bisect("--", "true")).rejects.toMatchObject({ code: "ENGINE_UNKNOWN" });
    await expect(bisect(path)).rejects.toMatchObject({
      message: `--kernel is given beside the definition ${path}`,
    });
  });
});
