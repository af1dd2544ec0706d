import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { poll } from "../../../src/host/poll.ts";
import { freeLoopbackPorts } from "../../../src/host/ports.ts";
import { writeDebianEngineArchive } from "../../support/debian/engine-archive.ts";
import {
  amd64Machine,
  elfProgram,
  enginePrograms,
  writeEngineArchive,
} from "../../support/images/engine-archive.ts";
import {
  createTestMachine,
  machineIn,
  openSharedCacheStore,
  smallMachine,
  type TestMachine,
} from "../../support/machines/machine.ts";
import { importTinyImage, tinyImage } from "../../support/machines/machine-rootfs.ts";
import { isAnswering, isBound } from "../../support/network/published-port.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

/** What a script prints that uses the docker CLI; anything but success is an error. */
async function docker({ shell }: TestMachine, script: string): Promise<string> {
  const { stdout, stderr, exitCode } = await shell(script);
  if (exitCode !== 0) throw new Error(`${script} ended with ${exitCode}: ${stderr}`);
  return stdout.trimEnd();
}

const engineOf = (machine: TestMachine) =>
  docker(machine, "docker version --format '{{.Server.Version}}'");
const answerOf = (machine: TestMachine) =>
  docker(machine, `docker run --rm -v kept:/kept ${tinyImage} cat /kept/answer`);

describe("a machine whose engine is upgraded", () => {
  let machine: TestMachine;
  beforeAll(async () => {
    machine = await createTestMachine(["--engine-version", "20.10", "--engine-label", "rack=3"]);
    return () => machine[Symbol.asyncDispose]();
  });

  test("runs containers with the engine of an older suite at first", async () => {
    expect(await engineOf(machine)).toMatch(/^20\.10\./);
    await importTinyImage(machine);
    const write = `sh -c 'echo 42 >/kept/answer'`;
    await docker(machine, `docker run --rm -v kept:/kept ${tinyImage} ${write}`);
    expect(await answerOf(machine)).toBe("42");
  });

  test("gives ports free with their containers, of which that engine tells before it knows", async () => {
    const [port = 0] = await freeLoopbackPorts(1);
    await docker(
      machine,
      `docker run -d --name web -p ${port}:80 ${tinyImage} httpd -f -p 80 -h /www`,
    );
    const until = (what: string, probe: () => Promise<boolean>) =>
      poll(async () => ((await probe()) ? true : undefined), {
        ...{ waitingFor: what, everyMs: 100, timeoutMs: 10_000 },
        signal: AbortSignal.timeout(20_000),
      });
    await until("the web server", () => isAnswering(port));
    await docker(machine, "docker rm -f web");
    await until("its port to be free", async () => !(await isBound(port)));
  });

  test("has the standard engine afterwards, and its volumes, images and settings", async () => {
    const { exitCode, stdout } = await machine.store.tsmachine("upgrade", machine.name);
    expect(stdout).toMatch(
      /^Machine "default" was upgraded from engine 20\.10\.\d+ to 26\.1\.\d+\.\n$/,
    );
    expect(exitCode).toBe(0);
    expect(await engineOf(machine)).toMatch(/^26\.1\./);
    expect(await answerOf(machine)).toBe("42");
    expect(await docker(machine, "docker info --format '{{.Labels}}'")).toContain("rack=3");
  });

  test("is up to date then", async () => {
    const { exitCode, stdout } = await machine.store.tsmachine("upgrade", "--json", machine.name);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject([{ name: machine.name, outcome: "unchanged" }]);
  });

  test("has its former engine back by itself when the new one is broken", async () => {
    const broken = { ...enginePrograms, "docker/dockerd": elfProgram(amd64Machine) };
    const name = "docker-99.0.0.tgz";
    const path = await writeEngineArchive(await temporaryDirectory(), { name, files: broken });
    const { images } = (await machine.inspect()).Record;
    const { exitCode, stderr } = await machine.store.tsmachine(
      ...["upgrade", "--engine-archive", path, machine.name],
    );
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(
      /does not come up with engine 99\.0\.0 .*it runs with engine 26\.1\.\d+ again \[UPGRADE_FAILED\]/,
    );
    expect((await machine.inspect()).Record.images).toEqual(images);
    expect(await engineOf(machine)).toMatch(/^26\.1\./);
    expect(await answerOf(machine)).toBe("42");
  });
});

describe("an engine from an archive in upstream's layout", () => {
  test("runs containers", async () => {
    await using store = await openSharedCacheStore();
    const scratch = await temporaryDirectory();
    const path = join(scratch, "docker-26.1.5.tgz");
    await writeDebianEngineArchive(store, { path, scratch });
    const flags = [...smallMachine, "--engine-archive", path];
    const created = await store.tsmachine("create", ...flags, "default");
    expect(created.stderr).not.toContain("error");
    expect(created.exitCode).toBe(0);
    const machine = machineIn(store, "default");
    expect(await engineOf(machine)).toMatch(/^26\.1\./);
    await importTinyImage(machine);
    expect(await docker(machine, `docker run --rm --init ${tinyImage} echo out`)).toBe("out");
  });
});
