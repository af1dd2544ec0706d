import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { createTestMachine, type TestMachine } from "../support/machines/machine.ts";
import { importTinyImage, tinyImage } from "../support/machines/machine-rootfs.ts";

let machine: TestMachine;
beforeAll(async () => {
  machine = await createTestMachine();
  return () => machine[Symbol.asyncDispose]();
});

/** What a script prints that uses the docker CLI; anything but success is an error. */
async function docker(script: string, input?: string): Promise<string> {
  const { stdout, stderr, exitCode } = await machine.shell(script, {
    ...(input !== undefined && { input }),
  });
  if (exitCode !== 0) throw new Error(`${script} ended with ${exitCode}: ${stderr}`);
  return stdout.trimEnd();
}

describe("the docker CLI, in the environment of `tsmachine env`", () => {
  test("shows the engine's version", async () => {
    const server = await docker("docker version --format '{{.Server.Os}} {{.Server.Version}}'");
    expect(server).toMatch(/^linux \d+\.\d+\.\d+/);
  });

  test("imports a root file system and runs it", async () => {
    expect(await importTinyImage(machine)).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(await docker(`docker run --rm ${tinyImage} echo out of a container`)).toBe(
      "out of a container",
    );
  });

  test("passes a container's exit status on", async () => {
    const { exitCode } = await machine.shell(`docker run --rm ${tinyImage} sh -c 'exit 42'`);
    expect(exitCode).toBe(42);
  });

  test("builds a Dockerfile of two lines and runs what it built", async () => {
    const dockerfile = `FROM ${tinyImage}\nCMD ["echo", "built"]\n`;
    await docker("docker build -t built -", dockerfile);
    expect(await docker("docker run --rm built")).toBe("built");
  });

  test("publishes a port on both of the guest's loopback addresses", async () => {
    await docker(`docker run -d --name web -p 8080:80 ${tinyImage} httpd -f -v -h /www`);
    expect(await machine.guest("wget -qO- http://127.0.0.1:8080/")).toBe("served\n");
    expect(await machine.guest('wget -qO- "http://[::1]:8080/"')).toBe("served\n");
  });

  test("executes commands in a running container and shows its logs", async () => {
    expect(await docker("docker exec web cat /www/index.html")).toBe("served");
    expect(await docker("docker logs web 2>&1")).toContain("response:200");
  });

  test("copies files into a container and out of it", async () => {
    const file = join(machine.store.environment.HOME ?? "", "copied");
    await writeFile(file, "to and fro\n");
    await docker(`docker cp ${file} web:/www/copied`);
    expect(await machine.guest("wget -qO- http://127.0.0.1:8080/copied")).toBe("to and fro\n");
    expect(await docker("docker cp web:/www/copied - | tar -xO")).toBe("to and fro");
  });

  test("lets containers of a network find each other by name", async () => {
    await docker(`docker network create pair && docker network connect pair web`);
    const fetch = `docker run --rm --network pair ${tinyImage} wget -qO- http://web/`;
    expect(await docker(fetch)).toBe("served");
  });

  test("runs an init process where asked", async () => {
    expect(await docker(`docker run --rm --init ${tinyImage} cat /proc/1/comm`)).toBe(
      "docker-init",
    );
  });

  test("holds a container to its memory limit", async () => {
    const limit = `docker run --rm -m 64m ${tinyImage} cat /sys/fs/cgroup/memory.max`;
    expect(await docker(limit)).toBe(String(64 * 2 ** 20));
    // Not less: with 16m, runc's own first process may be the one that is killed.
    const greedy = await machine.shell(
      `docker run --name greedy -m 64m ${tinyImage} tail /dev/zero`,
    );
    expect(greedy, greedy.stderr).toMatchObject({ exitCode: 137 });
    expect(await docker("docker inspect -f '{{.State.OOMKilled}}' greedy")).toBe("true");
  });

  test("accounts for the disk", async () => {
    const lines = (await docker("docker system df --format '{{.Type}} {{.TotalCount}}'")).split(
      "\n",
    );
    expect(lines).toContain("Images 2");
    expect(lines).toContain("Containers 2");
  });

  test("takes its settings back with `env -u`", async () => {
    const names = "DOCKER_HOST DOCKER_TLS_VERIFY DOCKER_CERT_PATH DOCKER_MACHINE_NAME";
    const { stdout } = await machine.shell(
      `eval "$(tsmachine env --shell sh -u)" && printenv ${names}`,
    );
    expect(stdout).toBe("");
  });
});

describe("`tsmachine restart`", () => {
  test("keeps images and volumes, and containers that are to be restarted come up again", async () => {
    await docker(`docker run --rm -v kept:/kept ${tinyImage} sh -c 'echo content >/kept/file'`);
    await docker(
      `docker run -d --name again --restart always -p 8081:80 ${tinyImage} httpd -f -h /www`,
    );
    const restarted = await machine.store.tsmachine("restart", "default");
    expect(restarted).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('Machine "default" was restarted.'),
    });
    const read = `docker run --rm -v kept:/kept ${tinyImage} cat /kept/file`;
    expect(await docker(read)).toBe("content");
    expect(await docker("docker inspect -f '{{.State.Running}}' again")).toBe("true");
    expect(await machine.guest("wget -qO- http://127.0.0.1:8081/")).toBe("served\n");
  });
});
