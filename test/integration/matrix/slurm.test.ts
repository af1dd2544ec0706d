// A matrix as tasks of a real Slurm, whose one node is this host. No machine boots: what cells come to is decided before.
import { appendFile, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { delimiter, join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { stringify } from "yaml";
import { poll } from "../../../src/host/poll.ts";
import { parseReport } from "../../../src/matrix/report/read-report.ts";
import { processesIn } from "../../support/machines/tsmachine-processes.ts";
import { listenOnLoopback } from "../../support/network/listen.ts";
import { type ProgramOnPath, putProgramOnPath } from "../../support/shells/program-on-path.ts";
import { type Cluster, hasSlurm, startCluster } from "../../support/slurm/cluster.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

describe.skipIf(!hasSlurm)("a Slurm cluster (skipped where there is no Slurm)", () => {
  let program: ProgramOnPath;
  let cluster: Cluster;
  beforeAll(async () => {
    program = await putProgramOnPath();
    cluster = await startCluster();
  });
  afterAll(async () => {
    await cluster?.[Symbol.asyncDispose]();
    await program?.[Symbol.asyncDispose]();
  });

  let folder: string;
  let store: string;
  beforeEach(async () => {
    folder = await temporaryDirectory();
    store = await temporaryDirectory();
  });

  /** `tsmachine matrix run ARGS…` in the test's folder, with the definition in it where there is one. */
  const start = (...args: string[]) => {
    const running = execa(join(program.folder, "bin/tsmachine"), ["matrix", "run", ...args], {
      ...{ cwd: folder, reject: false, timeout: 4 * 60_000 },
      env: {
        PATH: [cluster.programs, program.PATH].join(delimiter),
        ...{ TSMACHINE_STORAGE_PATH: store, MACHINE_STORAGE_PATH: store, LC_ALL: "C" },
      },
    });
    onTestFinished(() => void running.kill("SIGKILL"));
    return running;
  };
  const startOnSlurm = (...args: string[]) => start("--executor", "slurm", ...args);

  const readReport = async (name: string) =>
    parseReport(await readFile(join(folder, name), "utf8"), name);

  const running = (states: readonly string[]) => states.filter((one) => one.endsWith(" RUNNING"));

  /** Waits for a state of the queue. */
  const until = <T>(waitingFor: string, probe: () => Promise<T | undefined>) =>
    poll(probe, {
      ...{ waitingFor, everyMs: 100, timeoutMs: 60_000 },
      signal: new AbortController().signal,
    });

  /** A matrix of three kernels, none of which becomes an image. */
  const writeDefinition = async () => {
    const kernel = { image: "bzImage", modules: "modules" };
    const modules = join(folder, "modules/lib/modules/6.99.0-own");
    await mkdir(join(modules, "kernel"), { recursive: true });
    await writeFile(join(modules, "modules.builtin"), "");
    await mkdir(join(folder, "nothing"));
    await writeFile(join(folder, "bzImage"), "no kernel");
    const definition = {
      ...{ kernel: ["lacking", "known", "empty"], engine: "26.1" },
      kernels: { lacking: kernel, known: kernel, empty: { ...kernel, modules: "nothing" } },
      workloads: [{ name: "any", run: ["true"] }],
      xfail: [{ kernel: "known", outcome: "unsupported", reason: "it has no modules" }],
    };
    await writeFile(join(folder, "sample.yaml"), stringify(definition));
  };

  test("gives the report that a run on one host gives, and leaves nothing", async () => {
    await writeDefinition();
    const before = await readdir(folder);
    const here = await start("--json", "here.json", "sample.yaml");
    const there = await startOnSlurm("--json", "there.json", "sample.yaml");
    expect(there.stderr).toMatch(/Task 1 of 3: 1 unsupported/);
    expect(there).toMatchObject({
      exitCode: 15,
      stdout: expect.stringContaining("1 unsupported, 1 infra, 1 expected-fail"),
    });
    expect(there.exitCode).toBe(here.exitCode);
    const told = (await readReport("there.json")).results.map(({ cell, outcome, reason }) => ({
      ...{ cell, outcome, reason },
    }));
    expect(told).toEqual(
      (await readReport("here.json")).results.map(({ cell, outcome, reason }) => ({
        ...{ cell, outcome, reason },
      })),
    );
    expect(told.map(({ outcome }) => outcome)).toEqual(["unsupported", "expected-fail", "infra"]);
    expect(await readdir(folder)).toEqual([...before, "here.json", "there.json"].sort());
  });

  test("takes a matrix by flags, and says of a task without a report why, and where to look", async () => {
    const { stdout, stderr, exitCode } = await startOnSlurm(
      ...["--driver", "none such", "--kernel", "6.1,6.12", "--engine", "26.1", "--json=r.json"],
      ...["--tasks", "1", "--", "echo", "it's $HOME"],
    );
    expect({ exitCode, stdout, stderr }).toMatchObject({ exitCode: 17 });
    const { results } = await readReport("r.json");
    const [, job] = /Slurm's job (\d+)/.exec(stderr) ?? [];
    const [left = ""] = (await readdir(folder)).filter((name) => name.startsWith("tsmachine-"));
    const output = join(folder, left, "1.out");
    const reason = `task ${job}_1 of Slurm left no report: FAILED (NonZeroExitCode), status 1; its output is in ${output}: tsmachine: error: provider "none such" not found [PROVIDER_UNKNOWN]`;
    expect(results).toMatchObject([
      { cell: "6.1/26.1", outcome: "infra", reason },
      { cell: "6.12/26.1", outcome: "infra", reason },
    ]);
    expect(stderr).toContain(
      `warning: what tasks without a report have printed is in ${join(folder, left)}`,
    );
    expect(await readFile(output, "utf8")).toContain("tsmachine: hint: ");
  });

  test("says of tasks that find another definition than was submitted that it has changed", async () => {
    await writeDefinition();
    const run = startOnSlurm("--slurm-option=--hold", "--json", "r.json", "sample.yaml");
    const [first = ""] = await until("a job that is held", async () => {
      const tasks = await cluster.queue();
      return tasks.length === 3 ? tasks : undefined;
    });
    await appendFile(join(folder, "sample.yaml"), "# another\n");
    const [, job = ""] = /^(\d+)_/.exec(first) ?? [];
    await cluster.call("scontrol", "release", job);
    const { exitCode, stderr } = await run;
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 17 });
    const reasons = (await readReport("r.json")).results.map(({ reason }) => reason);
    expect(reasons).toHaveLength(3);
    for (const reason of reasons) {
      expect(reason).toMatch(
        /left no report: .*: tsmachine: error: sample\.yaml has changed since the job was submitted \[INVALID_INPUT\]$/,
      );
    }
  });

  test("tells of a task that somebody has cancelled that it was, and what the others found", async () => {
    const mirror = await hangingMirror();
    const run = startOnSlurm(
      ...["--mirror", mirror.url, "--kernel", "6.1,6.12", "--engine", "26.1", "--json", "r.json"],
      ...["--", "true"],
    );
    const [first = ""] = await until("two tasks that run", async () => {
      const tasks = running(await cluster.queue());
      return tasks.length === 2 && mirror.isAsked() ? tasks.sort() : undefined;
    });
    const [task = ""] = first.split(" ");
    await cluster.call("scancel", task);
    await until("the end of that task", async () =>
      (await cluster.queue()).some((line) => line.startsWith(task)) ? undefined : true,
    );
    mirror.answer();
    const { exitCode } = await run;
    expect(exitCode).toBe(17);
    const { results } = await readReport("r.json");
    expect(results.map(({ outcome }) => outcome)).toEqual(["infra", "infra"]);
    expect(results[0]?.reason).toMatch(
      new RegExp(`^task ${task} of Slurm left no report: CANCELLED, status 130; its output is in `),
    );
    expect(results[1]?.reason).toMatch(/Debian mirror .* failed/);
  });

  test("has nothing left of a job whose run is interrupted", async () => {
    const mirror = await hangingMirror();
    const run = startOnSlurm(
      ...["--mirror", mirror.url, "--kernel", "6.1,6.12,6.16", "--engine", "26.1", "--", "true"],
    );
    await until("tasks that run and one that waits", async () => {
      const tasks = await cluster.queue();
      return running(tasks).length === 2 && tasks.length === 3 && mirror.isAsked()
        ? true
        : undefined;
    });
    run.kill("SIGTERM");
    const { exitCode, stderr } = await run;
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 130 });
    expect(stderr).toMatch(/Cancelling Slurm's job \d+: done/);
    expect(await cluster.queue()).toEqual([]);
    expect(await processesIn(store)).toEqual([]);
    expect(await readdir(folder)).toEqual([]);
  });

  test("begins no further task once one has not turned out as expected, when it is asked to", async () => {
    const kernels = ["6.1", "6.12", "6.16", "6.17", "6.18", "7.2", "7.3"];
    const { exitCode, stderr } = await startOnSlurm(
      ...["--fail-fast", "--slurm-option=--exclusive", "--driver", "none such", "--json", "r.json"],
      ...["--kernel", kernels.join(), "--engine", "26.1", "--", "true"],
    );
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 17 });
    const outcomes = (await readReport("r.json")).results.map(({ outcome }) => outcome);
    expect([outcomes.at(0), outcomes.at(-1)]).toEqual(["infra", "not-run"]);
    expect(stderr).toContain("Task 7 of 7: cancelled before it began");
  });

  test("that refuses a job is quoted in one line, and no folder stays", async () => {
    const { exitCode, stderr } = await startOnSlurm(
      ...[
        "--slurm-option",
        "--partition=none",
        "--kernel",
        "6.1",
        "--engine",
        "26.1",
        "--",
        "true",
      ],
    );
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(
      /^tsmachine: error: Slurm's sbatch failed: invalid partition specified: none; .* \[SLURM_FAILED\]\ntsmachine: hint: see with `sinfo`/m,
    );
    expect(await readdir(folder)).toEqual([]);
    expect(await cluster.queue()).toEqual([]);
  });
});

/** A mirror that keeps everybody waiting until it is told to have nothing. */
async function hangingMirror() {
  const held = new Set<() => void>();
  let answers = false;
  let isAsked = false;
  const server: Server = createServer((_, response) => {
    isAsked = true;
    const refuse = () => void response.writeHead(404).end();
    if (answers) refuse();
    else held.add(refuse);
  });
  const port = await listenOnLoopback(server);
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${port}/debian`,
    isAsked: () => isAsked,
    answer: () => {
      answers = true;
      for (const refuse of held) refuse();
    },
  };
}
