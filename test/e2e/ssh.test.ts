import { existsSync } from "node:fs";
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

  test("joins the words of the command by blanks, with options of its own before them", async () => {
    const { stdout } = await machine.store.shell(`${ssh} default -C echo foo '$(id -un)' bar`);
    expect(stdout).toBe("foo docker bar\n");
    const listing = await machine.store.shell(`${ssh} default -- ls -lah /`);
    expect(listing).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("etc") });
  });

  test("makes 128 plus the number of the signal that ends the command", async () => {
    expect(await machine.store.shell(`${ssh} default 'kill -9 $$'`)).toEqual({
      ...{ exitCode: 137, stdout: "", stderr: "" },
    });
  });

  test("gives the command a terminal when asked for, and no input when asked for none", async () => {
    const { stdout } = await machine.store.shell(`script -qec "${ssh} default -t tty" /dev/null`);
    expect(stdout).toContain("/dev/pts/");
    const silent = await machine.store.shell(`echo typed | ${ssh} default -n cat`);
    expect(silent).toMatchObject({ exitCode: 0, stdout: "" });
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

const canMount = existsSync("/dev/fuse") && existsSync("/usr/bin/sshfs");

describe("`tsmachine mount`", () => {
  test.skipIf(!canMount)(
    "shows a folder of the machine on this host until it is unmounted (skipped where there is no sshfs)",
    async () => {
      await machine.guest("mkdir -p 'shared files'; echo from the machine >'shared files/note'");
      const { exitCode, stderr, stdout } = await machine.store.shell(`
        cd "$HOME"; mkdir -p mounted
        tsmachine mount 'default:shared files' mounted
        cat mounted/note; echo from here >mounted/answer
        tsmachine mount -u 'default:shared files' mounted; ls mounted`);
      expect({ exitCode, stderr, stdout }).toEqual({
        ...{ exitCode: 0, stderr: "", stdout: "from the machine\n" },
      });
      expect(await machine.guest("cat 'shared files/answer'")).toBe("from here\n");
    },
  );

  test.skipIf(!canMount)(
    "passes on what sshfs has to say (skipped where there is no sshfs)",
    async () => {
      const { exitCode, stderr } = await machine.store.shell(
        'mkdir "$HOME/empty"; tsmachine mount /nowhere "$HOME/empty"',
      );
      expect({ exitCode, stderr }).toEqual({
        exitCode: 1,
        stderr: expect.stringMatching(
          /\/nowhere.*\n.*sshfs ended with status 1 \[PROGRAM_FAILED\]/,
        ),
      });
    },
  );
});

test("the machine has the programs that copies, clients and scripts ask for", async () => {
  const programs = "scp rsync sftp-server openssl docker pgrep pkill df";
  const found = `for name in ${programs}; do PATH=$PATH:/usr/lib/openssh command -v $name; done`;
  expect((await machine.guest(found)).trim().split("\n")).toHaveLength(programs.split(" ").length);
  expect(await machine.guest("sudo cat /proc/$(pgrep -f '[d]ockerd')/comm")).toBe("dockerd\n");
  expect(await machine.guest("sudo docker version -f '{{.Server.Os}}'")).toBe("linux\n");
});
