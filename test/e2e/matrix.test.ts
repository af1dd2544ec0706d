import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, beforeEach, describe, expect, inject, onTestFinished, test } from "vitest";
import { stringify } from "yaml";
import * as z from "zod";
import { run } from "../../src/host/processes/run.ts";
import { parseReport } from "../../src/matrix/report/read-report.ts";
import type { Report } from "../../src/matrix/report/report.ts";
import { imageArchive } from "../support/archives/image-archive.ts";
import {
  amd64Machine,
  elfProgram,
  enginePrograms,
  writeEngineArchive,
} from "../support/images/engine-archive.ts";
import { openSharedCacheStore } from "../support/machines/machine.ts";
import type { TestStore } from "../support/machines/tsmachine.ts";
import { leftoversIn, nothingLeft } from "../support/machines/tsmachine-leftovers.ts";

const imagesSchema = z.array(
  z.looseObject({
    version: z.string(),
    packages: z.array(z.looseObject({ name: z.string(), sha256: z.string() })),
  }),
);

/** The standard kernel, as somebody has it who has built it: in a folder, with its series. */
let kernel: { series: string; image: string; modules: string; config: string };
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tsmachine-matrix-"));
  await using store = await openSharedCacheStore();
  const { stdout } = await store.tsmachine("iso", "build", "--json");
  const [boot] = imagesSchema.parse(JSON.parse(stdout));
  if (boot === undefined) throw new Error("there is no boot image");
  for (const { name, sha256 } of boot.packages.filter((one) => one.name.endsWith(boot.version))) {
    const path = join(inject("cacheDirectory"), "packages", `${sha256}.deb`);
    await run("dpkg-deb", ["--extract", path, join(folder, name)]);
  }
  const find = async (name: string) =>
    (await run("find", [folder, "-name", name])).stdout.split("\n")[0] ?? "";
  kernel = {
    series: /^\d+\.\d+/.exec(boot.version)?.[0] ?? "",
    image: await find("vmlinuz*"),
    modules: (await find("modules.order")).replace("/modules.order", ""),
    config: await find("config*"),
  };
  return () => rm(folder, { recursive: true, force: true });
});

let store: TestStore;
beforeEach(async () => {
  store = await openSharedCacheStore();
  onTestFinished(() => store[Symbol.asyncDispose]());
});

/** Runs the definition; reports are beside it. */
async function runMatrix(definition: object, ...flags: string[]) {
  await writeFile(join(folder, "matrix.yaml"), stringify(definition));
  const path = join(folder, "report.json");
  const run = await store.tsmachine(
    ...["matrix", "run", ...flags, "--json", path, join(folder, "matrix.yaml")],
  );
  const report = parseReport(await readFile(path, "utf8"), path);
  return { ...run, report };
}

const outcomesIn = ({ results }: Report) =>
  Object.fromEntries(
    results.map(({ cell, workload, outcome }) => [`${cell} ${workload}`, outcome]),
  );

describe("a matrix", () => {
  test("tells apart why a workload does not pass, and leaves nothing", async () => {
    const engine = "26.1";
    const { series } = kernel;
    const where = "guest";
    await writeFile(join(folder, "loaded.tar"), await imageArchive("loaded:1"));
    await writeFile(join(folder, "word"), "copied\n");
    const { report, exitCode, stdout, stderr } = await runMatrix({
      ...{ kernel: series, engine, memory: 1024 },
      workloads: [
        {
          name: "passes",
          where,
          load: "loaded.tar",
          copy: [{ from: "word", to: "/home/docker/copied" }],
          run: {
            shell:
              "uname -r && docker version --format '{{.Server.Version}}' && cat /home/docker/copied" +
              " && docker image inspect --format '{{.RepoTags}}' loaded:1",
          },
        },
        {
          name: "exits",
          run: { shell: `test "$DOCKER_TLS_VERIFY" = 1 && docker info >/dev/null && exit 7` },
        },
        { name: "sleeps", run: ["sleep", "600"], timeout: "1s" },
        { name: "crashes", where, run: { shell: "echo c >/proc/sysrq-trigger" } },
        { name: "known", run: ["false"] },
      ],
      xfail: [{ workload: "known", reason: "false is false" }],
    });
    const cell = `${series}/${engine}/memory=1024`;
    expect({ outcomes: outcomesIn(report), stderr }).toEqual({
      outcomes: {
        [`${cell} passes`]: "pass",
        [`${cell} exits`]: "fail",
        [`${cell} sleeps`]: "timeout",
        [`${cell} crashes`]: "kernel-splat",
        [`${cell} known`]: "expected-fail",
      },
      stderr,
    });
    expect(exitCode).toBe(12);
    const [passes, exits, , crashes] = report.results;
    expect(passes?.output).toBe(
      `${passes?.kernelRelease}\n${passes?.engineVersion}\ncopied\n[loaded:1]\n`,
    );
    expect(passes?.kernelRelease).toMatch(new RegExp(`^${series.replace(".", "\\.")}\\.`));
    expect(passes?.accelerator).toMatch(/^(?:kvm|tcg)$/);
    expect(exits?.exitStatus).toBe(7);
    expect(crashes?.splats).toContainEqual(expect.stringContaining("sysrq triggered crash"));
    expect(stdout).toContain("1 kernel-splat, 1 fail, 1 timeout, 1 expected-fail, 1 pass");
    expect(await leftoversIn(store)).toEqual(nothingLeft);
  });

  test("tells apart machines and engines that end under their workloads", async () => {
    const where = "guest";
    const { report } = await runMatrix({
      ...{ kernel: kernel.series, engine: "26.1" },
      workloads: [
        { name: "resets", where, run: { shell: "echo b >/proc/sysrq-trigger; sleep 600" } },
        { name: "leaves", where, run: { shell: "poweroff; sleep 600" } },
        {
          name: "kills",
          where,
          run: {
            shell:
              "kill -KILL $(cat '/run/docker daemon.pid'); sleep 1; until docker version; do sleep 1; done",
          },
        },
      ],
    });
    expect(report.results).toMatchObject([
      { outcome: "kernel-splat", reason: "the machine restarted while its workload ran" },
      { outcome: "fail", reason: "the machine was switched off by its workload" },
      // It answers again by then.
      { outcome: "engine-fail", exitStatus: 0, reason: "the engine ended while the workload ran" },
    ]);
    expect(await leftoversIn(store)).toEqual(nothingLeft);
  });

  test("tells apart kernels and engines that do not come up", async () => {
    const { series, image, modules, config } = kernel;
    const lacking = join(folder, "config-lacking");
    const text = await readFile(config, "utf8");
    await writeFile(lacking, text.replace("CONFIG_PID_NS=y", "# CONFIG_PID_NS is not set"));
    const junk = join(folder, "junk");
    await writeFile(junk, randomBytes(1 << 20));
    const broken = await writeEngineArchive(folder, {
      name: "docker-99.0.0.tgz",
      files: { ...enginePrograms, "docker/dockerd": elfProgram(amd64Machine) },
    });
    const { report, exitCode } = await runMatrix({
      ...{ kernel: ["lacking", "junk"], engine: "26.1" },
      include: [{ kernel: series, engine: "broken" }],
      kernels: { lacking: { image, modules, config: lacking }, junk: { image: junk, modules } },
      engines: { broken: { archive: broken } },
      workloads: [{ name: "any", run: ["true"] }],
    });
    expect(outcomesIn(report)).toEqual({
      "lacking/26.1 any": "unsupported",
      "junk/26.1 any": "boot-fail",
      [`${series}/broken any`]: "engine-fail",
    });
    expect(report.results[0]?.reason).toContain("CONFIG_PID_NS");
    expect(exitCode).toBe(14);
    expect(await leftoversIn(store)).toEqual(nothingLeft);
  });

  test("keeps the machine of a cell that failed for a shell, when it is asked to", async () => {
    const flags = ["--kernel", kernel.series, "--engine", "26.1", "--memory", "1024"];
    const axes = ["--cgroup", "v1", "--iptables", "legacy"];
    const failed = await store.tsmachine(
      ...["matrix", "run", ...flags, ...axes, "--keep-failed", "--", "docker", "no-such-command"],
    );
    expect(failed).toMatchObject({ exitCode: 10 });
    const cell = `${kernel.series}/26.1/cgroup=v1/iptables=legacy/memory=1024`;
    expect(failed.stdout).toContain(`tsmachine matrix shell ${cell} command`);
    const shell = [
      "matrix",
      "shell",
      cell,
      "--",
      "docker",
      "info",
      "--format",
      "{{.CgroupVersion}}",
    ];
    expect(await store.tsmachine(...shell)).toMatchObject({ exitCode: 0, stdout: "1\n" });
    const name = (await store.tsmachine("ls", "-q")).stdout.trim();
    const version = await store.tsmachine("ssh", name, "sudo iptables -V");
    expect(version.stdout).toContain("(legacy)");
    const pruned = await store.tsmachine("prune", "--json");
    expect(pruned.stdout).not.toContain(name);
    expect(await store.tsmachine("rm", "-y", name)).toMatchObject({ exitCode: 0 });
    expect(await leftoversIn(store)).toEqual(nothingLeft);
  });

  test("leaves nothing when it is interrupted, and what `prune` removes when it is killed", async () => {
    const command = `tsmachine matrix run --kernel ${kernel.series} --engine 26.1 -- sleep 600`;
    const untilCreated = "until tsmachine ls -q | grep -q matrix; do sleep 0.2; done";
    const interrupted = await store.shell(
      `${command} >/dev/null 2>&1 & pid=$!; ${untilCreated}; kill -TERM $pid; wait $pid`,
    );
    expect(interrupted.exitCode).toBe(130);
    expect(await leftoversIn(store)).toEqual(nothingLeft);
    await store.shell(
      `${command} >/dev/null 2>&1 & pid=$!; ${untilCreated}; kill -KILL $pid; wait $pid`,
    );
    expect((await store.tsmachine("ls", "-q")).stdout).toMatch(/^matrix-/);
    expect(await store.tsmachine("prune")).toMatchObject({ exitCode: 0 });
    expect(await leftoversIn(store)).toEqual(nothingLeft);
  });
});
