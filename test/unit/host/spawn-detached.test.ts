import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { poll } from "../../../src/host/poll.ts";
import { findProcessesWithArguments } from "../../../src/host/processes/find-processes.ts";
import { plainLocale } from "../../../src/host/processes/plain-locale.ts";
import {
  isRunning,
  processIdentitySchema,
  signalProcess,
} from "../../../src/host/processes/process-identity.ts";
import { run } from "../../../src/host/processes/run.ts";
import { spawnDetached } from "../../../src/host/processes/spawn-detached.ts";
import { bundleScript } from "../../support/run-typescript.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const { LC_ALL: locale } = plainLocale(process.platform);
const environment = { PATH: "/usr/bin:/bin" };

async function place() {
  const cwd = await temporaryDirectory();
  return { cwd, logPath: join(cwd, "log"), environment };
}

test("a program outlives the process that started it, in a session of its own", async () => {
  const script = await bundleScript(`
    import { spawnDetached } from "./src/host/processes/spawn-detached.ts";
    spawnDetached("sleep", ["60"], ${JSON.stringify(await place())})
      .then(({ identity }) => console.log(JSON.stringify(identity)));`);
  const { stdout } = await run(process.execPath, [script], { timeoutMs: 20_000 });
  const identity = processIdentitySchema.parse(JSON.parse(stdout));
  try {
    expect(await isRunning(identity)).toBe(true);
    const stat = await readFile(`/proc/${identity.pid}/stat`, "utf8");
    expect(Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[3])).toBe(identity.pid);
  } finally {
    await signalProcess(identity, "SIGKILL");
  }
});

test("both outputs are in the log, in English, and the end is known", async () => {
  const options = await place();
  const script = 'echo out; echo err >&2; echo "$LC_ALL" "$(pwd)"; exit 3';
  const started = await spawnDetached("sh", ["-c", script], options);
  const end = await poll(async () => started.end(), {
    waitingFor: "the end",
    everyMs: 5,
    timeoutMs: 5_000,
    signal: AbortSignal.timeout(10_000),
  });
  expect(end).toEqual({ exitCode: 3, signal: null });
  expect(await readFile(options.logPath, "utf8")).toBe(`out\nerr\n${locale} ${options.cwd}\n`);
});

test("a program that is not there is named", async () => {
  await expect(spawnDetached("no-such-program", [], await place())).rejects.toMatchObject({
    code: "PROGRAM_MISSING",
    hints: [expect.stringContaining("install no-such-program")],
  });
});

test("a file that cannot be executed is named", async () => {
  const options = await place();
  await expect(spawnDetached(options.cwd, [], options)).rejects.toMatchObject({
    code: "PROGRAM_FAILED",
  });
});

test("a process is found by arguments that stand together on its command line", async () => {
  const marker = `marker-${process.pid}-${performance.now()}`;
  const script = ["-e", "setTimeout(() => {}, 60_000)", "--", "-uuid", marker];
  const { identity } = await spawnDetached(process.execPath, script, await place());
  const find = (...args: string[]) =>
    findProcessesWithArguments(args, process.platform, AbortSignal.timeout(10_000));
  try {
    expect(await find("-uuid", marker)).toEqual([identity]);
    expect(await find("-e", marker)).toEqual([]);
    expect(await find("-uuid", marker.slice(0, -1))).toEqual([]);
  } finally {
    if (identity !== undefined) await signalProcess(identity, "SIGKILL");
  }
});
