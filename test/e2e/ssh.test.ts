import { beforeAll, describe, expect, test } from "vitest";
import { createTestMachine, type TestMachine } from "../support/machines/machine.ts";

let machine: TestMachine;
beforeAll(async () => {
  machine = await createTestMachine();
  return () => machine[Symbol.asyncDispose]();
});

describe.each([
  { client: "the OpenSSH client", ssh: "tsmachine ssh" },
  { client: "the client inside tsmachine", ssh: "tsmachine --native-ssh ssh" },
])("`tsmachine ssh` with $client", ({ ssh }) => {
  test("prints what the command prints, on the same streams", async () => {
    expect(await machine.store.shell(`${ssh} default 'echo out; echo err >&2'`)).toEqual({
      exitCode: 0,
      stdout: "out\n",
      stderr: "err\n",
    });
  });

  test("means the machine default when none is named, and logs in without a command", async () => {
    const { stdout } = await machine.store.shell(`${ssh}`, { input: "hostname; id -un; exit\n" });
    expect(stdout).toBe("default\ndocker\n");
  });

  test.each([0, 1, 42, 255])("ends with the command's exit status %i", async (status) => {
    const { exitCode } = await machine.store.shell(`${ssh} default exit ${status}`);
    expect(exitCode).toBe(status);
  });

  test("passes every byte of its input through", async () => {
    const copy = `head -c 1000000 /dev/urandom >sent && ${ssh} default cat <sent >received`;
    const compare = `cd "$HOME" && ${copy} && cmp sent received`;
    expect(await machine.store.shell(compare)).toMatchObject({ exitCode: 0, stdout: "" });
  });

  test("logs in on a terminal where there is one", async () => {
    const { stdout } = await machine.store.shell(`script -qec "${ssh} default" /dev/null`, {
      input: "tty\nexit\n",
    });
    expect(stdout).toContain("/dev/pts/");
  });
});

describe("a remote command that a signal ends", () => {
  test("makes 128 plus the signal's number with the client inside tsmachine", async () => {
    const { exitCode } = await machine.store.shell(
      "tsmachine --native-ssh ssh default 'kill -9 $$'",
    );
    expect(exitCode).toBe(137);
  });

  test("makes OpenSSH's own 255 with the OpenSSH client", async () => {
    const { exitCode } = await machine.store.shell("tsmachine ssh default 'kill -9 $$'");
    expect(exitCode).toBe(255);
  });
});
