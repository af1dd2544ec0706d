import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { beforeEach, describe, expect, test } from "vitest";
import { isoCommand } from "../../../../src/cli/commands/iso/iso.ts";
import { engineCommand } from "../../../../src/cli/commands/system/engine.ts";
import { kernelCommand } from "../../../../src/cli/commands/system/kernel.ts";
import { TsmachineError } from "../../../../src/errors/tsmachine-error.ts";
import { fakePackages } from "../../../support/images/fake-images-packages.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";
import { runCommand } from "../../../support/worlds/cli-world.ts";
import { type CoreWorld, coreWorld } from "../../../support/worlds/core-world.ts";

const release = "6.12.2-cloud-amd64";
const header = "# Linux/x86 6.12.2 Kernel Configuration\n";
const kernelWith = (config: string) => ({
  ...{ name: `linux-image-${release}`, version: "6.12.2-1" },
  files: { [`boot/config-${release}`]: `${header}${config}` },
});

let world: CoreWorld;
beforeEach(async () => {
  world = await coreWorld();
  world.packages.packages = [
    ...fakePackages,
    kernelWith("CONFIG_OVERLAY_FS=m\n"),
    { name: "containerd", version: "1.7.24" },
    { name: "runc", version: "1.1.15" },
  ];
});

const run = (factory: typeof kernelCommand, ...args: string[]) => runCommand(world, factory, args);
const rows = (stdout: string) => stdout.split("\n").map((line) => line.split(/\s{2,}/));

describe("kernel ls", () => {
  test("prints what is offered, newest first, and which of it is in the cache", async () => {
    await run(isoCommand, "build");
    const { stdout, stderr } = await run(kernelCommand, "ls");
    const [columns, newest, standard] = rows(stdout);
    expect(columns).toEqual("SERIES VERSION FLAVOUR SUITE SIZE CACHED RELEASE".split(" "));
    expect(newest).toMatchObject(
      ["6.12", "6.12.2", "cloud", "trixie", /B$/, "no", release].map(matching),
    );
    expect(standard?.slice(5)).toEqual(["yes", "6.12.1-cloud-amd64"]);
    expect(stderr).toBe("");
  });

  test("prints only the newest of each series and flavour when asked", async () => {
    const { stdout } = await run(kernelCommand, "ls", "--newest", "--json");
    expect(JSON.parse(stdout)).toEqual([expect.objectContaining({ release, isCached: false })]);
  });

  test("says on stderr which suites are left out", async () => {
    world.packages.notes = [
      { suite: "sid", reason: "sid has expired", hint: "name another mirror" },
    ];
    const { stderr } = await run(kernelCommand, "ls");
    expect(stderr).toBe(
      "tsmachine: note: suite sid is left out: sid has expired\ntsmachine: hint: name another mirror\n",
    );
  });

  test("fails when no suite can be looked at", async () => {
    world.packages.isOnline = false;
    await expect(run(kernelCommand, "ls")).rejects.toMatchObject({ code: "NETWORK_UNREACHABLE" });
  });
});

describe("engine ls", () => {
  test("prints what is offered", async () => {
    const { stdout } = await run(engineCommand, "ls");
    const [columns, engine] = rows(stdout);
    expect(columns).toEqual("SERIES VERSION SUITE SIZE CACHED PACKAGE CONTAINERD RUNC".split(" "));
    expect(engine?.slice(0, 3)).toEqual(["26.1", "26.1.5", "trixie"]);
    expect(engine?.slice(4)).toEqual(["no", "26.1.5+dfsg1-9", "1.7.24", "1.1.15"]);
  });

  test("prints JSON", async () => {
    const { stdout } = await run(engineCommand, "ls", "--json");
    expect(JSON.parse(stdout)).toMatchObject([{ version: "26.1.5", isCached: false }]);
  });
});

describe("kernel check", () => {
  test("finds what is needed in the kernel's own package", async () => {
    const { stdout, exitStatus } = await run(kernelCommand, "check", "6.12");
    expect(rows(stdout).slice(0, 2)).toEqual([
      ["LEVEL", "STATUS", "OPTION", "FOR", "WITHOUT IT"],
      ["required", "ok", "OVERLAY_FS=m", "storage: overlay", "no container starts"],
    ]);
    expect(stdout).toContain(`${release}: an engine runs on it; missing: 0 required`);
    expect(exitStatus).toBe(0);
  });

  test("ends with status 1 when what is required is missing", async () => {
    world.packages.packages = [kernelWith("CONFIG_VETH=m\n")];
    const { stdout, exitStatus } = await run(kernelCommand, "check", "6.12.2");
    expect(stdout).toContain("no engine runs on it; missing: 1 required");
    expect(exitStatus).toBe(1);
  });

  test("looks at what one engine alone needs", async () => {
    const args = ["check", "6.12", "--engine-version", "28.0.0", "--json"];
    const { stdout, exitStatus } = await run(kernelCommand, ...args);
    expect(JSON.parse(stdout)).toMatchObject({
      ...{ kernel: release, series: "6.12", engineVersion: "28.0.0", isSufficient: false },
      requirements: [{ status: "ok" }, { status: "missing", anyOf: ["IP_SET"] }],
    });
    expect(exitStatus).toBe(1);
  });

  test.each([
    ["plain", (text: string) => text],
    ["compressed", (text: string) => gzipSync(text)],
  ])("reads a file that is %s, and asks nobody", async (_form, encode) => {
    const path = join(await temporaryDirectory(), "config");
    await writeFile(path, encode(`${header}CONFIG_OVERLAY_FS=y\n`));
    const { stdout, exitStatus } = await run(kernelCommand, "check", "--config", path);
    expect(stdout).toContain(`${path}: an engine runs on it`);
    expect(exitStatus).toBe(0);
    expect(world.packages.requests).toEqual([]);
  });

  test("refuses a file that does not say which kernel it is of", async () => {
    const path = join(await temporaryDirectory(), "config");
    await writeFile(path, "CONFIG_OVERLAY_FS=y\n");
    await expect(run(kernelCommand, "check", "--config", path)).rejects.toMatchObject({
      ...{ code: "INVALID_INPUT", message: `${path} does not say which kernel it is of` },
    });
  });

  test("names a file that is not there", async () => {
    const path = join(await temporaryDirectory(), "config");
    await expect(run(kernelCommand, "check", "--config", path)).rejects.toMatchObject({
      ...{ code: "FILE_UNREADABLE", message: `${path} cannot be read` },
    });
  });

  test.each([
    [[], "it is not said which one kernel to check"],
    [["6.12", "--config", "x"], "it is not said which one kernel to check"],
    [["6.12", "--engine-version", "new"], '"new" is not the version of an engine'],
    [["linux"], '"linux" names no kernel'],
  ])("refuses %j", async (args, message) => {
    const attempt = run(kernelCommand, "check", ...args);
    await expect(attempt).rejects.toThrow(TsmachineError);
    await expect(attempt).rejects.toMatchObject({ code: "INVALID_INPUT", message });
  });
});

function matching(cell: string | RegExp) {
  return typeof cell === "string" ? cell : expect.stringMatching(cell);
}
