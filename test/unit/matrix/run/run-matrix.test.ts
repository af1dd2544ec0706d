import { existsSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { TsmachineError } from "../../../../src/errors/tsmachine-error.ts";
import { fakeKernel } from "../../../support/images/fake-images-packages.ts";
import { matrixWorld, shellCell } from "../../../support/matrix/matrix-world.ts";
import { fakeEngineVersion } from "../../../support/network/fake-engine.ts";
import { createFakeProvider } from "../../../support/providers/fake-provider.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";

vi.setConfig({ testTimeout: 60_000 });

type World = Awaited<ReturnType<typeof matrixWorld>>;

const passes = shellCell("passes", "exit 0", {});
const fails = shellCell("fails", "exit 7", {});

describe("a run", () => {
  test("tells what became of each cell, in their order, and leaves no machine", async () => {
    const { context, run } = await matrixWorld();
    const { results } = await run([fails, passes], { jobs: 2 });
    expect(results).toMatchObject([
      { workload: "fails", outcome: "fail", exitStatus: 7, attempts: 1 },
      { workload: "passes", outcome: "pass", exitStatus: 0, attempts: 1 },
    ]);
    expect(await context.store.listMachineNames()).toEqual([]);
  });

  test("says how far each cell has come", async () => {
    const { run } = await matrixWorld();
    const told: string[] = [];
    await run([fails], {
      watch: ({ workload }, { kind }) => void told.push(`${workload.name} ${kind}`),
    });
    expect(told).toEqual(["fails preparing", "fails booting", "fails running", "fails ended"]);
  });

  test.each([
    {
      what: "kernel",
      mistake: ({ callKernel }: World) => callKernel("6.12.2-cloud-amd64"),
      reason: `the machine runs kernel 6.12.2-cloud-amd64, but its image has kernel ${fakeKernel}`,
    },
    {
      what: "engine",
      mistake: async ({ packages }: World) => {
        packages.packages = packages.packages.map((item) =>
          item.name === "docker.io" ? { ...item, version: "26.1.6+dfsg1-1" } : item,
        );
      },
      reason: `the machine runs engine ${fakeEngineVersion}, but its image has engine 26.1.6`,
    },
  ])("runs nothing on a machine with another $what than the cell's", async (wrong) => {
    const world = await matrixWorld();
    const ran = join(await temporaryDirectory(), "ran");
    await wrong.mistake(world);
    const { results } = await world.run([shellCell("told", `touch '${ran}'`, { xfail: "x" })]);
    expect(results).toMatchObject([{ outcome: "infra", reason: wrong.reason, attempts: 2 }]);
    expect(existsSync(ran)).toBe(false);
  });

  test("finds what the kernel said while the workload ran", async () => {
    const { run, sayAsKernel } = await matrixWorld();
    await sayAsKernel("[    9.1] BUG: one\n");
    const { results } = await run([passes]);
    expect(results).toMatchObject([{ outcome: "kernel-splat", splats: ["BUG: one"] }]);
  });

  test("finds what the kernel said when something else kept the workload from its end", async () => {
    const { run, sayAsKernel } = await matrixWorld();
    await sayAsKernel("[    9.1] BUG: one\n");
    const load = [join(await temporaryDirectory(), "missing.tar")];
    const { results } = await run([shellCell("loads", "exit 0", { workload: { load } })]);
    expect(results).toMatchObject([{ outcome: "kernel-splat", splats: ["BUG: one"] }]);
    expect(results[0]).not.toHaveProperty("identity");
  });

  test("keeps what the kernel said when the machine cannot be looked at any more", async () => {
    const { run, provider, sayAsKernel } = await matrixWorld();
    const ran = join(await temporaryDirectory(), "ran");
    const { open } = provider;
    provider.open = (...places) => {
      const instance = open(...places);
      const power: typeof instance.power = async (operation) => {
        if (existsSync(ran)) throw new Error("no monitor");
        return instance.power(operation);
      };
      return { ...instance, power };
    };
    await sayAsKernel("[    9.1] BUG: one\n");
    expect((await run([shellCell("told", `touch '${ran}'`, {})])).results).toMatchObject([
      { outcome: "kernel-splat", splats: ["BUG: one"] },
    ]);
  });

  test("has the console, the complaints and the accelerator of a machine that did not come up", async () => {
    const { run, provider } = await matrixWorld();
    const { open } = provider;
    provider.open = (...places) => ({ ...open(...places), accelerator: async () => "tcg" });
    const lastWords = ["tsmachine: booted in 3 s", "[    9.1] BUG: one", "[    9.2] x"];
    provider.guest = { lastWords };
    expect((await run([passes])).results).toMatchObject([
      {
        ...{ outcome: "kernel-splat", reason: "BUG: one", splats: ["BUG: one"] },
        ...{ console: lastWords.join("\n"), accelerator: "tcg" },
      },
    ]);
  });

  test("finds an early complaint on a console that says much more", async () => {
    const { run, provider } = await matrixWorld();
    provider.console = ["[    9.1] BUG: one", ...Array.from({ length: 5_000 }, () => "noise")];
    const { results } = await run([passes]);
    expect(results).toMatchObject([{ outcome: "kernel-splat", splats: ["BUG: one"] }]);
    expect(results[0]?.console).toBe(Array.from({ length: 400 }, () => "noise").join("\n"));
  });

  test("loses nothing else when the console cannot be read", async () => {
    const { run, provider } = await matrixWorld();
    const ran = join(await temporaryDirectory(), "ran");
    const { open } = provider;
    provider.open = (...places) => {
      const instance = open(...places);
      const consoleTail = async (lines: number) => {
        if (existsSync(ran)) throw new Error("no log");
        return instance.consoleTail(lines);
      };
      return { ...instance, consoleTail };
    };
    expect((await run([shellCell("told", `touch '${ran}'`, {})])).results).toMatchObject([
      { outcome: "pass", console: "[the console cannot be read: no log]" },
    ]);
  });

  test.each([
    ["passed", "exit 0", "echo 2 >"],
    ["failed", "exit 7", "echo 2 >"],
    ["did not end", "exec sleep 60", "echo 2 >"],
    ["left none", "exit 0", "rm"],
  ])("blames an engine that is another after a workload that %s", async (_what, end, change) => {
    const { run, engineStart } = await matrixWorld();
    const workload = { timeoutMs: 1_000 };
    const cell = shellCell("restarts", `${change} '${engineStart}'; ${end}`, { workload });
    expect((await run([cell])).results).toMatchObject([
      { outcome: "engine-fail", reason: "the engine ended while the workload ran" },
    ]);
  });

  test("does not blame an engine that breaks off while it loads an archive, and is well", async () => {
    const { run } = await matrixWorld();
    const archive = join(await temporaryDirectory(), "app.tar");
    await writeFile(archive, "x");
    const loads = shellCell("loads", "exit 0", { workload: { load: [archive] } });
    expect((await run([loads])).results).toMatchObject([
      { outcome: "infra", reason: expect.stringContaining("[ENGINE_UNREACHABLE]"), attempts: 2 },
    ]);
  });

  test("blames the engine that ended under the workload", async () => {
    const { run, provider, context } = await matrixWorld();
    const folder = await temporaryDirectory();
    const waits = shellCell(
      "waits",
      `until [ -e '${folder}/ended' ]; do sleep 0.1; done; false`,
      {},
    );
    const running = run([waits]);
    const name = await vi.waitUntil(
      async () => {
        const [found] = await context.store.listMachineNames();
        return found !== undefined && (await context.store.readMachine(found)).phase === "ready"
          ? found
          : undefined;
      },
      { timeout: 15_000 },
    );
    await provider.endEngine(name);
    await writeFile(join(folder, "ended"), "");
    expect((await running).results).toMatchObject([{ outcome: "engine-fail" }]);
  });
});

describe("--keep-failed", () => {
  test("keeps the machines of cells that did not turn out as expected, and no others", async () => {
    const { context, run } = await matrixWorld();
    const known = shellCell("known", "exit 1", { xfail: "issue 12" });
    const wrong = shellCell("wrong", "exit 0", { xfail: "issue 13" });
    const { results } = await run([passes, fails, known, wrong], { keepsFailed: true });
    expect(results.map(({ outcome, machine }) => [outcome, machine !== undefined])).toEqual([
      ["pass", false],
      ["fail", true],
      ["expected-fail", false],
      ["unexpected-pass", true],
    ]);
    expect((await context.store.listMachineNames()).toSorted()).toEqual(
      results.flatMap(({ machine }) => machine ?? []).toSorted(),
    );
  });

  test("keeps of a cell that was tried twice the last machine alone", async () => {
    const { context, run, provider } = await matrixWorld();
    provider.whenOn = async () => {};
    const { results } = await run([passes], { keepsFailed: true });
    expect(results).toMatchObject([{ outcome: "infra", attempts: 2 }]);
    expect(await context.store.listMachineNames()).toEqual([results[0]?.machine]);
  });

  test("does not say so of a machine whose engine did not start", async () => {
    const { context, run, provider } = await matrixWorld();
    provider.guest = { lastWords: ["tsmachine: FAILED engine: no vfs", "reboot: Power down"] };
    const axes = { ...passes.axes, storageDriver: "vfs" };
    const { results } = await run([{ ...passes, axes }], { keepsFailed: true });
    expect(results).toMatchObject([{ outcome: "engine-fail" }]);
    expect(results[0]?.reason).not.toContain("kept");
    expect(await context.store.listMachineNames()).toEqual([]);
  });
});

test("an interrupt removes the machines before it ends the run", async () => {
  const { context, run, abort } = await matrixWorld();
  const reason = new Error("the user pressed Ctrl-C");
  const ran = join(await temporaryDirectory(), "ran");
  const running = run([shellCell("sleeps", `touch '${ran}'; exec sleep 60`, {}), passes]);
  const ended = expect(running).rejects.toBe(reason);
  await vi.waitFor(() => rm(ran), { timeout: 15_000 });
  abort(reason);
  await ended;
  expect(await context.store.listMachineNames()).toEqual([]);
});

describe("before anything is built, a run refuses", () => {
  const ready = { state: "ready", version: "fake 1.0", notes: [] } as const;
  const broken = { state: "missing", problem: "there is no fake", hint: "install it" } as const;

  test.each([
    ["a provider that is not ready", { health: broken }, passes, "PROVIDER_NOT_READY"],
    [
      "a provider that makes no machines",
      { capabilities: { ownsInstance: false } },
      passes,
      "CAPABILITY_MISSING",
    ],
    [
      "arguments for a kernel that gets none",
      {},
      shellCell("w", "", { workload: { kernelArguments: ["quiet"] } }),
      "CAPABILITY_MISSING",
    ],
    [
      "control groups of version 1 for such a kernel",
      {},
      { ...passes, axes: { ...passes.axes, cgroup: "v1" as const } },
      "CAPABILITY_MISSING",
    ],
    [
      "a storage driver that no machine can have",
      {},
      { ...passes, axes: { ...passes.axes, storageDriver: "btrfs" } },
      "INVALID_INPUT",
    ],
  ])("%s", async (_what, host, cell, code) => {
    const provider = createFakeProvider({ health: ready, ...host });
    const { run, packages } = await matrixWorld(provider);
    await expect(run([passes, cell])).rejects.toMatchObject({ code });
    expect(packages.fetches).toBe(0);
    expect(provider.calls).toEqual([]);
  });

  test("an architecture whose program is missing", async () => {
    const { run, packages, provider } = await matrixWorld();
    provider.failNext("plan", new TsmachineError("PROGRAM_MISSING", "there is no such QEMU"));
    const arm64 = { ...passes, axes: { ...passes.axes, architecture: "arm64" as const } };
    await expect(run([passes, arm64])).rejects.toMatchObject({ code: "PROGRAM_MISSING" });
    expect(packages.fetches).toBe(0);
    expect(provider.calls).toEqual([]);
  });
});
