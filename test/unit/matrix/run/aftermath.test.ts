import { describe, expect, test, vi } from "vitest";
import { TsmachineError } from "../../../../src/errors/tsmachine-error.ts";
import { fateOf, type Guest, hearLastWords } from "../../../../src/matrix/run/aftermath.ts";
import type { PowerState } from "../../../../src/providers/provider.ts";
import type { Session, SessionRunResult } from "../../../../src/ssh/session.ts";
import { machineRecord } from "../../../support/machines/machine-record.ts";
import { createFakeProvider, sampleImages } from "../../../support/providers/fake-provider.ts";
import { coreWorld } from "../../../support/worlds/core-world.ts";

vi.setConfig({ testTimeout: 30_000 });

const lost = () => new TsmachineError("SSH_CONNECTION_LOST", "the connection was lost");
const unreachable = () => new TsmachineError("SSH_UNREACHABLE", "nobody answers");

/** A session whose machine has this boot id and whose dmesg ends so; without one the connection is lost. */
function sessionOf(machine?: {
  readonly bootId: string;
  readonly dmesg: Partial<SessionRunResult>;
}): Session {
  const close = async () => {};
  return {
    async run(command) {
      if (machine === undefined) throw lost();
      const ended = { stdout: "", stderr: "", exitCode: 0 };
      if (command.includes("docker daemon.pid")) return { ...ended, stdout: "4711\n" };
      if (command.includes("boot_id")) return { ...ended, stdout: `${machine.bootId}\n` };
      return { ...ended, ...machine.dmesg };
    },
    runInteractive: () => Promise.reject(lost()),
    files: () => Promise.reject(lost()),
    ...{ close, [Symbol.asyncDispose]: close },
  };
}

async function machineThat(power: PowerState, console: readonly string[] = []) {
  const { context } = await coreWorld();
  const record = { name: "dev", memoryMiB: 1, sshPort: 1, dockerPort: 1 };
  const opened = createFakeProvider().open(record, { directory: "", images: sampleImages });
  const instance = {
    ...opened,
    power: async () => power,
    consoleTail: async (lines: number) => console.slice(-lines),
  };
  return { context, machine: { record: machineRecord(), instance } };
}

const nobody: Guest["login"] = () => Promise.reject(new Error("nobody logs in"));

describe("a machine's last words", () => {
  test("are those of the session that is open", async () => {
    const { context, machine } = await machineThat("running");
    const session = sessionOf({ bootId: "one", dmesg: { stdout: "[ 1.0] x\n" } });
    expect(await hearLastWords(context, machine, { session, login: nobody })).toEqual({
      ...{ bootId: "one", engineStart: "4711" },
      messages: { text: "[ 1.0] x\n" },
    });
  });

  test.each([
    ["the connection was lost to", lost()],
    ["does not answer on the connection", new TsmachineError("TIMEOUT", "it is silent")],
  ])("are heard once the machine is back that %s", async (_what, loss) => {
    const { context, machine } = await machineThat("running");
    const session = { ...sessionOf(), run: () => Promise.reject(loss) };
    const again = sessionOf({ bootId: "two", dmesg: {} });
    const login = vi.fn(nobody).mockRejectedValueOnce(unreachable()).mockResolvedValueOnce(again);
    const words = await hearLastWords(context, machine, { session, login });
    expect(words.bootId).toBe("two");
  });

  test.each([
    ["has ended", "stopped", []],
    ["has panicked and stays so", "running", ["[ 9.1] Kernel panic - not syncing: x"]],
  ] as const)("are not waited for when it %s", async (_what, power, console) => {
    const { context, machine } = await machineThat(power, console);
    const words = await hearLastWords(context, machine, { session: sessionOf(), login: nobody });
    expect(words).toEqual({
      ...{ bootId: undefined, engineStart: undefined },
      messages: { problem: "the machine does not answer" },
    });
  });

  test("say so when dmesg fails", async () => {
    const { context, machine } = await machineThat("running");
    const dmesg = { exitCode: 1, stderr: "dmesg: Operation not permitted\n" };
    const session = sessionOf({ bootId: "one", dmesg });
    expect(await hearLastWords(context, machine, { session, login: nobody })).toEqual({
      ...{ bootId: "one", engineStart: "4711" },
      messages: { problem: "dmesg ended with status 1: dmesg: Operation not permitted" },
    });
  });
});

test.each<[string, PowerState, [string, string | undefined], string, string]>([
  ["runs on", "running", ["one", "one"], "tsmachine: booted in 3 s", "up"],
  ["says nothing any more, and runs", "running", ["one", undefined], "", "up"],
  ["has another boot id", "running", ["one", "two"], "tsmachine: booted in 3 s", "restarted"],
  ["has one after a shutdown", "running", ["one", "two"], "tsmachine: shutting down", "rebooted"],
  ["has shut down", "stopped", ["one", undefined], "x\ntsmachine: shutting down", "switched-off"],
  ["is about to", "running", ["one", "one"], "x\ntsmachine: shutting down", "switched-off"],
  ["is gone without a word", "stopped", ["one", undefined], "tsmachine: booted", "gone"],
])("a machine that %s", async (_what, power, [before, after], console, fate) => {
  const { context, machine } = await machineThat(power);
  const lines = console.split("\n");
  expect(await fateOf(context, machine, { bootIds: [before, after], console: lines })).toBe(fate);
});
