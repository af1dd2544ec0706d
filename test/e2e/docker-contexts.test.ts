import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { createTestMachine, type TestMachine } from "../support/machines/machine.ts";

let machine: TestMachine;
beforeAll(async () => {
  machine = await createTestMachine();
  return () => machine[Symbol.asyncDispose]();
});

/** Docker takes no context named default, as the machine is. */
const contextName = "tsmachine-default";

/** Without the variables of `tsmachine env`, so that contexts count. */
const plain = "unset DOCKER_HOST DOCKER_TLS_VERIFY DOCKER_CERT_PATH DOCKER_CONTEXT;";

async function sh(script: string): Promise<string> {
  const { stdout, stderr, exitCode } = await machine.shell(`${plain} ${script}`);
  if (exitCode !== 0) throw new Error(`${script} ended with ${exitCode}: ${stderr}`);
  return stdout.trimEnd();
}

async function contextNames(): Promise<string[]> {
  return (await sh("docker context ls --format '{{.Name}}'")).split("\n").sort();
}

test("create has registered the machine with docker's CLI, which reaches the engine by it", async () => {
  expect(await contextNames()).toContain(contextName);
  const version = `docker --context ${contextName} version --format '{{.Server.Os}}'`;
  expect(await sh(version)).toBe("linux");
});

test("`tsmachine use` makes it the current one, and warns where a variable shadows it", async () => {
  const used = await machine.shell(
    `${plain} DOCKER_HOST=tcp://192.0.2.1:1 tsmachine use ${machine.name}`,
  );
  expect(used).toMatchObject({ exitCode: 0, stderr: expect.stringContaining("DOCKER_HOST") });
  expect(await sh("docker context show")).toBe(contextName);
  expect(await sh("docker version --format '{{.Server.Os}}'")).toBe("linux");
  expect(await sh("tsmachine use -u; docker context show")).toContain("default");
});

test("where bash has evaluated `tsmachine completion bash --function`, `use` is for that shell alone", async () => {
  const script = `
    eval "$(tsmachine completion bash --function)"
    tsmachine use ${machine.name}
    docker version --format "{{.Server.Os}}"
    tsmachine use -u
    echo "<$DOCKER_HOST>"`;
  const printed = (await sh(`bash -c '${script}'; docker context show`)).split("\n");
  expect(printed).toEqual([`Active machine: ${machine.name}`, "linux", "<>", "default"]);
});

test("a restart leaves contexts of others as they are, byte for byte, and its own working", async () => {
  await sh("docker context create other --docker host=tcp://192.0.2.9:2375");
  const before = await foreignFiles();
  expect(before.size).toBeGreaterThan(0);
  await sh(`tsmachine restart ${machine.name}`);
  expect(await sh(`docker --context ${contextName} version --format '{{.Server.Os}}'`)).toBe(
    "linux",
  );
  expect(await foreignFiles()).toEqual(before);
});

test("rm removes just that context, and docker works without it though it was the current one", async () => {
  const before = await foreignFiles();
  await sh(`tsmachine use ${machine.name}`);
  await sh(`tsmachine rm -f ${machine.name}`);
  expect(await contextNames()).toEqual(["default", "other"]);
  expect(await sh("docker context show")).toBe("default");
  expect(await foreignFiles()).toEqual(before);
});

/** SHA-256 of every file of contexts that are not the machine's, by path. */
async function foreignFiles(): Promise<Map<string, string>> {
  const own = createHash("sha256").update(contextName).digest("hex");
  const contexts = join(await sh("echo $HOME"), ".docker/contexts");
  const entries = await readdir(contexts, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && !entry.parentPath.includes(own));
  const hashed = files.map(async ({ parentPath, name }) => {
    const path = join(parentPath, name);
    return [
      path,
      createHash("sha256")
        .update(await readFile(path))
        .digest("hex"),
    ] as const;
  });
  return new Map((await Promise.all(hashed)).sort());
}
