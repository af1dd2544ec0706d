import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { signalProcess } from "../../src/host/processes/process-identity.ts";
import { createTestMachine, type TestMachine } from "../support/machines/machine.ts";
import type { TestStore } from "../support/machines/tsmachine.ts";
import { processesIn } from "../support/machines/tsmachine-processes.ts";

let machine: TestMachine;
let store: TestStore;
beforeAll(async () => {
  machine = await createTestMachine();
  store = machine.store;
  return () => machine[Symbol.asyncDispose]();
});

const url = async () => (await store.tsmachine("url")).stdout.trim();

describe("commands that tell of a machine", () => {
  test("`ls` prints a table, with a star at the machine that the environment points at", async () => {
    const { stdout } = await machine.shell("tsmachine ls");
    const [header, row, ...more] = stdout.trim().split("\n");
    expect(header).toMatch(/^NAME +ACTIVE +DRIVER +STATE +URL +SWARM +DOCKER +ERRORS$/);
    expect(row).toMatch(/^default +\* +kvm +Running +tcp:\/\/127\.0\.0\.1:\d+ +v\d+\.\d+\.\d+/);
    expect(more).toEqual([]);
  });

  test("`ls -q` prints names, `ls --json` all there is", async () => {
    expect((await store.tsmachine("ls", "-q")).stdout).toBe("default\n");
    const { stdout } = await store.tsmachine("ls", "--json", "-t", "30");
    expect(JSON.parse(stdout)).toEqual([
      expect.objectContaining({
        name: "default",
        status: "Running",
        url: await url(),
        active: false,
      }),
    ]);
  });

  test("`ls -t` gives up on a machine that does not answer in time", async () => {
    const [qemu] = await processesIn(store.path);
    if (qemu === undefined) throw new Error("no QEMU runs");
    await signalProcess(qemu, "SIGSTOP");
    onTestFinished(() => signalProcess(qemu, "SIGCONT"));
    const { exitCode, stdout } = await store.tsmachine("ls", "-t", "2");
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: expect.stringMatching(/^default .* Timeout /m),
    });
  });

  test("`ip`, `url` and `status` print one line", async () => {
    expect((await store.tsmachine("ip")).stdout).toBe("127.0.0.1\n");
    const { dockerPort } = (await machine.inspect()).Record.endpoint;
    expect(await url()).toBe(`tcp://127.0.0.1:${dockerPort}`);
    expect((await store.tsmachine("status")).stdout).toBe("Running\n");
  });

  test("`version NAME` prints the engine's version, as the engine tells it", async () => {
    const told = await machine.shell("docker version --format '{{.Server.Version}}'");
    expect((await store.tsmachine("version", "default")).stdout).toBe(told.stdout);
  });

  test("`inspect` prints the JSON that scripts know from docker-machine", async () => {
    const { stdout } = await store.tsmachine("inspect", "default");
    expect(JSON.parse(stdout)).toMatchObject({
      Name: "default",
      DriverName: "kvm",
      Driver: { IPAddress: "127.0.0.1", SSHUser: "docker" },
      HostOptions: { EngineOptions: { TlsVerify: true } },
      Status: "Running",
    });
  });

  test("`active` prints the machine that the environment points at, and fails without one", async () => {
    expect(await machine.shell("tsmachine active")).toMatchObject({
      exitCode: 0,
      stdout: "default\n",
    });
    expect(await store.tsmachine("active")).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining("No active host found [NO_ACTIVE_MACHINE]"),
    });
  });

  test("`config` prints flags that the docker CLI takes", async () => {
    const script =
      'eval "docker $(tsmachine config default | tr "\\n" " ") version --format {{.Server.Os}}"';
    expect(await store.shell(script)).toMatchObject({ exitCode: 0, stdout: "linux\n" });
  });

  test("`doctor --json` tells of every check, and finds nothing that keeps machines from working", async () => {
    const { exitCode, stdout } = await store.tsmachine("doctor", "--json");
    expect(exitCode).toBe(0);
    const findings: unknown = JSON.parse(stdout);
    expect(findings).toContainEqual(expect.objectContaining({ check: "provider kvm" }));
    expect(findings).not.toContainEqual(expect.objectContaining({ verdict: "problem" }));
  });
});

describe("`env`", () => {
  test.each([
    ["bash", /^export DOCKER_HOST="tcp:/m, /^unset DOCKER_HOST$/m],
    ["zsh", /^export DOCKER_HOST="tcp:/m, /^unset DOCKER_HOST$/m],
    ["sh", /^export DOCKER_HOST="tcp:/m, /^unset DOCKER_HOST$/m],
    ["fish", /^set -gx DOCKER_HOST "tcp:.*";$/m, /^set -e DOCKER_HOST;$/m],
    ["powershell", /^\$Env:DOCKER_HOST = "tcp:/m, /^Remove-Item Env:\\\\DOCKER_HOST$/m],
    ["cmd", /^SET DOCKER_HOST=tcp:/m, /^SET DOCKER_HOST=$/m],
    ["tcsh", /^setenv DOCKER_HOST "tcp:.*";$/m, /^unsetenv DOCKER_HOST;$/m],
    ["emacs", /^\(setenv "DOCKER_HOST" "tcp:.*"\)$/m, /^\(setenv "DOCKER_HOST" nil\)$/m],
  ])("sets and unsets in the words of %s", async (shell, set, unset) => {
    expect((await store.tsmachine("env", "--shell", shell, "default")).stdout).toMatch(set);
    expect((await store.tsmachine("env", "--shell", shell, "-u")).stdout).toMatch(unset);
  });

  test("finds the shell out by $SHELL", async () => {
    const { stdout } = await store.shell("SHELL=/usr/bin/fish tsmachine env default");
    expect(stdout).toContain("set -gx DOCKER_MACHINE_NAME");
  });

  test("exempts the machine from a proxy with --no-proxy, beside what is exempted already", async () => {
    const { stdout } = await store.shell(
      'NO_PROXY=internal.example; export NO_PROXY; eval "$(tsmachine env --shell sh --no-proxy default)"; echo $NO_PROXY',
    );
    expect(stdout).toBe("internal.example,127.0.0.1\n");
  });
});

describe("commands that refuse", () => {
  test.each([
    [["create", "default"], 1, 'Docker machine "default" already exists [MACHINE_EXISTS]'],
    [["create", "-d", "nonsense", "other"], 1, "[PROVIDER_UNKNOWN]"],
    [["create", "not a name"], 1, "[NAME_INVALID]"],
    [["create", "--kvm-memory", "plenty", "other"], 1, "--kvm-memory"],
    [["rm"], 1, "Expected to get one or more machine names as arguments"],
    [["rm", "-y", "missing"], 1, "[MACHINE_NOT_FOUND]"],
    [["start", "missing"], 1, "[MACHINE_NOT_FOUND]"],
    [["nonsense"], 1, "[COMMAND_UNKNOWN]"],
  ])("%j", async (args, exitCode, message) => {
    const result = await store.tsmachine(...args);
    expect(result).toMatchObject({ exitCode, stderr: expect.stringContaining(message) });
    expect(result.stderr.match(/^tsmachine: error: /gm)).toHaveLength(1);
  });

  test("`rm` keeps the machine when the answer is no", async () => {
    expect(await store.shell("echo n | tsmachine rm default")).toMatchObject({ exitCode: 0 });
    expect((await store.tsmachine("status")).stdout).toBe("Running\n");
  });

  test("`rm -f` is content with a machine that is not there", async () => {
    expect(await store.tsmachine("rm", "-f", "missing")).toMatchObject({
      ...{ exitCode: 0, stdout: "", stderr: "" },
    });
  });
});
