// What docker-machine's scripts see of a machine that is created, used, stopped and removed.
import { beforeAll, describe, expect, test } from "vitest";
import { openSharedCacheStore } from "../support/machines/machine.ts";
import type { TestStore } from "../support/machines/tsmachine.ts";

let store: TestStore;
beforeAll(async () => {
  store = await openSharedCacheStore();
  return () => store[Symbol.asyncDispose]();
});

/** Lines of stdout, lines of stderr and exit status of a command line. */
async function transcript(commandLine: string) {
  const { stdout, stderr, exitCode } = await store.shell(`export SHELL=/bin/bash; ${commandLine}`);
  const [out, err] = [stdout, stderr].map((text) => text.split("\n").filter(Boolean));
  return { out, err, status: exitCode };
}

const done = (...out: unknown[]) => ({ out, status: 0 });
const small = "--qemu-memory 1024 --qemu-disk-size 4096";
const ofQemuDriver = "--qemu-network user --qemu-ssh-user docker --qemu-display";

describe("docker-machine create", () => {
  test("prints docker-machine's lines in its order, without a terminal", async () => {
    const {
      out = [],
      err,
      status,
    } = await transcript(`docker-machine create -d qemu ${small} ${ofQemuDriver} dev`);
    expect(err).toContain(
      "docker-machine: warning: --qemu-display is not used: machines open no window",
    );
    const own = /^(Preparing|Waiting for process|Removing what)/;
    expect({ out: out.filter((line) => !own.test(line)), status }).toEqual(
      done(
        "Running pre-create checks...",
        "Creating machine...",
        "Waiting for machine to be running, this may take a few minutes...",
        "Checking connection to Docker...",
        "Docker is up and running!",
        "To see how to connect your Docker Client to the Docker Engine running on this virtual " +
          "machine, run: docker-machine env dev",
      ),
    );
  });

  test("refuses a name that is taken before anything else is said", async () => {
    expect(await transcript("docker-machine create -d qemu dev")).toEqual({
      ...{ out: [], status: 1 },
      err: [
        'Docker machine "dev" already exists',
        "docker-machine: hint: choose another name, or remove it first with `docker-machine rm dev`",
      ],
    });
  });
});

describe("a machine that runs", () => {
  test("is told of by url, ip, status and version", async () => {
    const url = expect.stringMatching(/^tcp:\/\/127\.0\.0\.1:\d+$/);
    expect(await transcript("docker-machine url dev")).toMatchObject(done(url));
    expect(await transcript("docker-machine ip dev")).toMatchObject(done("127.0.0.1"));
    expect(await transcript("docker-machine status dev")).toMatchObject(done("Running"));
    expect(await transcript("docker-machine version dev")).toMatchObject(
      done(expect.stringMatching(/^\d+\.\d+\.\d+/)),
    );
  });

  test("has the driver's name on its engine", async () => {
    expect(
      await transcript("docker $(docker-machine config dev) info --format '{{.Labels}}'"),
    ).toMatchObject(done("[provider=qemu]"));
  });

  test("is pointed at by env, whose hint calls docker-machine", async () => {
    const [url] = (await transcript("docker-machine url dev")).out ?? [];
    expect(await transcript("docker-machine env dev")).toMatchObject(
      done(
        'export DOCKER_TLS_VERIFY="1"',
        `export DOCKER_HOST="${url}"`,
        `export DOCKER_CERT_PATH="${store.path}/machines/dev"`,
        'export DOCKER_MACHINE_NAME="dev"',
        "# Run this command to configure your shell: ",
        "# eval $(docker-machine env dev)",
      ),
    );
    expect(await transcript('eval "$(docker-machine env dev)"; docker-machine active')).toEqual({
      ...done("dev"),
      err: [],
    });
  });

  test("is not started again", async () => {
    expect(await transcript("docker-machine start dev")).toMatchObject({
      ...{ err: ['Machine "dev" is already running.'], status: 1 },
    });
  });
});

describe("a machine that is stopped", () => {
  test("was stopped with docker-machine's lines, and is not stopped again", async () => {
    expect(await transcript("docker-machine stop dev")).toMatchObject(
      done('Stopping "dev"...', 'Machine "dev" was stopped.'),
    );
    for (const command of ["stop", "kill"]) {
      expect(await transcript(`docker-machine ${command} dev`)).toMatchObject({
        ...{ err: ['Machine "dev" is already stopped.'], status: 1 },
      });
    }
  });

  test.each([
    ["url", "Host is not running"],
    ["version", "Host is not running"],
    ["ip", "Error getting IP address: Host is not running"],
    ["env", "Error checking TLS connection: Host is not running"],
    ["config", "Error running connection boilerplate: Host is not running"],
  ])("is running nowhere for %s", async (command, sentence) => {
    expect(await transcript(`docker-machine ${command} dev`)).toEqual({
      ...{ out: [], status: 1 },
      err: [sentence, "docker-machine: hint: start it with `docker-machine start dev`"],
    });
  });

  test("keeps ip from no address of the others", async () => {
    await transcript("docker-machine create -d none --url tcp://192.0.2.1:2376 other");
    expect(await transcript("docker-machine ip dev other")).toMatchObject({
      ...{ out: ["192.0.2.1"], status: 1 },
      err: [
        "Error getting IP address: Host is not running",
        "docker-machine: hint: start it with `docker-machine start dev`",
      ],
    });
    expect(await transcript("docker-machine rm -y other")).toMatchObject({ status: 0 });
  });

  test("is started by upgrade, after which start finds it running", async () => {
    expect(await transcript("docker-machine upgrade dev")).toMatchObject({ status: 0 });
    expect(await transcript("docker-machine status dev")).toMatchObject(done("Running"));
    expect(await transcript("docker-machine start dev")).toMatchObject({ status: 1 });
  });
});

describe("a machine that is killed", () => {
  test("was killed with docker-machine's lines", async () => {
    expect(await transcript("docker-machine kill dev")).toMatchObject(
      done('Killing "dev"...', 'Machine "dev" was killed.'),
    );
    expect(await transcript("docker-machine status dev")).toMatchObject(done("Stopped"));
  });

  test("starts with the advice to read its settings again", async () => {
    const { out = [], status } = await transcript("docker-machine start dev");
    expect(status).toBe(0);
    expect(out).toContain('Starting "dev"...');
    expect(out.slice(-2)).toEqual([
      'Machine "dev" was started.',
      "Started machines may have new IP addresses. You may need to re-run the `docker-machine env` command.",
    ]);
  });
});

describe("docker-machine rm", () => {
  const announced = [
    "About to remove dev",
    "WARNING: This action will delete both local reference and remote instance.",
  ];
  const question = "Are you sure? (y/n): ";

  test("leaves the machine alone when told no, which is no failure", async () => {
    expect(await transcript("echo n | docker-machine rm dev")).toMatchObject(
      done(...announced, question),
    );
    expect(await transcript("docker-machine ls -q")).toMatchObject(done("dev"));
  });

  test("removes it when told yes", async () => {
    expect(await transcript("echo y | docker-machine rm dev")).toMatchObject(
      done(...announced, question, "Successfully removed dev"),
    );
    expect(await transcript("docker-machine ls -q")).toMatchObject(done());
  });
});
