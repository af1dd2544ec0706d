import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import {
  machineIn,
  openSharedCacheStore,
  smallMachine,
  type TestMachine,
} from "../support/machines/machine.ts";
import { importTinyImage, tinyImage } from "../support/machines/machine-rootfs.ts";

let machine: TestMachine;
let created: { exitCode: number; stderr: string };

/** Runs `tsmachine ARGS…` with these proxies and no others. */
const tsmachine = (args: string, proxies: Record<string, string> = {}) =>
  machine.store.shell(`tsmachine ${args}`, { environment: { ...withoutProxies, ...proxies } });

const withoutProxies = Object.fromEntries(
  ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"].map((name) => [
    name,
    "",
  ]),
);

beforeAll(async () => {
  machine = machineIn(await openSharedCacheStore(), "default");
  created = await tsmachine(
    `create ${smallMachine.join(" ")} --engine-label spam=eggs --engine-storage-driver overlay ` +
      "--engine-insecure-registry registry.example --engine-registry-mirror https://mirror.example " +
      "--engine-env=TEST=VALUE --engine-opt log-driver=none --engine-opt log-level=loud default",
  );
});
afterAll(() => machine[Symbol.asyncDispose]());

/** The environment of the guest's one process whose command line matches, as scripts read it. */
const engineVariables = async (pattern = "docker [d]aemon") =>
  (await machine.guest(`sudo cat /proc/$(pgrep -f "${pattern}")/environ`)).split("\0");

const infoSchema = z.looseObject({
  Driver: z.string(),
  LoggingDriver: z.string(),
  Labels: z.array(z.string()),
  HttpProxy: z.string(),
  RegistryConfig: z.looseObject({
    Mirrors: z.array(z.string()),
    InsecureRegistryCIDRs: z.array(z.string()),
    IndexConfigs: z.record(z.string(), z.looseObject({ Secure: z.boolean() })),
  }),
});
const info = async () =>
  infoSchema.parse(JSON.parse((await machine.shell("docker info --format '{{json .}}'")).stdout));

describe("an option that the engine refuses", () => {
  test("is named by create, with dockerd's words, and the machine is kept", () => {
    expect(created.exitCode).toBe(1);
    expect(created.stderr).toMatch(
      /^tsmachine: error: .*refuses --engine-opt log-level=loud: .*invalid logging level: loud.*\[ENGINE_FAILED\]$/m,
    );
    expect(created.stderr).toContain(
      "hint: give it other options, as in `tsmachine provision default",
    );
    expect(created.stderr).toContain("uses storage driver overlay2: it has no overlay any more");
  });

  test("is mended by provision, which completes the machine", async () => {
    const mended = await tsmachine("provision default --engine-opt log-driver=none");
    expect(mended).toMatchObject({ exitCode: 0, stdout: 'Machine "default" was provisioned.\n' });
    expect((await machine.store.tsmachine("status")).stdout).toBe("Running\n");
  });

  test.each([
    ["before its engine is ended", "--engine-opt nonsense=1", "directives don't match.*nonsense"],
    ["after which it has its former ones", "--engine-storage-driver bogus", "not supported: bogus"],
  ])("is refused by a machine that runs, %s", async (_, option, words) => {
    const former = await machine.inspect();
    const { exitCode, stderr } = await tsmachine(`provision ${option}`);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(new RegExp(`refuses ${option}: .*${words}.*\\[ENGINE_FAILED\\]$`, "m"));
    expect((await info()).Driver).toBe("overlay2");
    expect(await machine.inspect()).toEqual(former);
  });
});

describe("the engine has", () => {
  test("its label, storage driver, logging driver, mirror and registry", async () => {
    const { Driver, LoggingDriver, Labels, RegistryConfig } = await info();
    expect({ Driver, LoggingDriver }).toEqual({ Driver: "overlay2", LoggingDriver: "none" });
    expect(Labels.toSorted()).toEqual(["provider=kvm", "spam=eggs"]);
    expect(RegistryConfig.Mirrors).toEqual(["https://mirror.example/"]);
    expect(RegistryConfig.IndexConfigs["registry.example"]?.Secure).toBe(false);
  });

  test("containers with the logging driver", async () => {
    await importTinyImage(machine);
    const script = `docker run --name nolog ${tinyImage} echo unlogged >/dev/null`;
    const ask = "docker inspect -f '{{.HostConfig.LogConfig.Type}}' nolog";
    expect((await machine.shell(`${script} && ${ask}`)).stdout).toBe("none\n");
  });

  test.each(["docker [d]aemon", "docker[d]", "/[d]ockerd"])(
    "its variables, and is the one process that scripts find by %o",
    async (pattern) => {
      expect(await engineVariables(pattern)).toContain("TEST=VALUE");
    },
  );
});

describe("proxies of this host", () => {
  const proxies = { HTTP_PROXY: "http://localhost:3128", no_proxy: "registry.example" };

  test("reach the engine when the machine is restarted, by an address that it can reach", async () => {
    expect(await tsmachine("restart", proxies)).toMatchObject({ exitCode: 0 });
    const variables = await engineVariables();
    expect(variables).toContain("HTTP_PROXY=http://10.0.2.2:3128");
    expect(variables).toContain("no_proxy=registry.example,default,10.0.2.15,10.0.2.2");
    expect(variables).toContain("TEST=VALUE");
    expect((await info()).HttpProxy).toBe("http://10.0.2.2:3128");
  });

  test("reach the engine by provision too, but for those that were given", async () => {
    const given = "--engine-env http_proxy=http://own.example:1";
    expect(await tsmachine(`provision ${given}`, proxies)).toMatchObject({ exitCode: 0 });
    const variables = await engineVariables();
    const named = variables.filter((variable) => /^(http_proxy|no_proxy|test)=/i.test(variable));
    expect(named.sort()).toEqual([
      "http_proxy=http://own.example:1",
      "no_proxy=registry.example,default,10.0.2.15,10.0.2.2",
    ]);
  });
});

test("what was unset or given as an empty value is gone at the next start of a machine that is off", async () => {
  const former = await engineVariables();
  expect(former.filter((variable) => /^no_proxy=/i.test(variable))).toHaveLength(1);
  await tsmachine("stop");
  const provisioned = await tsmachine(
    "provision --engine-label '' --engine-opt '' --engine-env TEST=VALUE",
  );
  expect(provisioned.stdout).toContain("is provisioned at its next start");
  expect(await tsmachine("start")).toMatchObject({ exitCode: 0 });
  const { Labels, LoggingDriver } = await info();
  expect({ Labels, LoggingDriver }).toEqual({
    Labels: ["provider=kvm"],
    LoggingDriver: "json-file",
  });
  const variables = await engineVariables();
  expect(variables.filter((variable) => /proxy=/i.test(variable))).toEqual([]);
  expect(variables).toContain("TEST=VALUE");
});

test("provision of a machine that has all it should have leaves its engine alone", async () => {
  const pid = await machine.guest("pgrep -x dockerd");
  expect(await tsmachine("provision")).toMatchObject({ exitCode: 0 });
  expect(await machine.guest("pgrep -x dockerd")).toBe(pid);
});
