import { mkdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  leaveDockerContext,
  useDockerContext,
  withdrawDockerContext,
} from "../../../src/core/docker-contexts/docker-contexts.ts";
import { createMachine } from "../../../src/core/machine/create.ts";
import { removeMachine } from "../../../src/core/machine/remove.ts";
import {
  readCurrentContext,
  useContext,
} from "../../../src/store/docker-contexts/current-context.ts";
import {
  hasDockerContext,
  writeDockerContext,
} from "../../../src/store/docker-contexts/docker-context.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";
import { type CoreWorld, coreWorld, createRequest } from "../../support/worlds/core-world.ts";

async function registered(name = "dev"): Promise<CoreWorld> {
  const world = await coreWorld();
  world.provider.guest = "serving";
  await createMachine(world.context, createRequest({ name, registersContext: true }));
  return world;
}

async function foreignContext({ context }: CoreWorld, name: string): Promise<void> {
  await writeDockerContext(context.dockerConfig, {
    ...{ name, machineName: name, storeRoot: "/another/store", host: "tcp://192.0.2.7:2376" },
    ...{ ca: "ca", certificate: "certificate", key: "key" },
  });
}

describe("a machine's docker context", () => {
  test("is there when the machine is, under its name", async () => {
    const { context } = await registered();
    expect(await hasDockerContext(context.dockerConfig, "dev")).toBe(true);
    expect((await context.store.readMachine("dev")).dockerContext).toBe("dev");
  });

  test.each([
    { name: "default", expected: "tsmachine-default" },
    { name: "a", expected: "tsmachine-a" },
  ])(
    "is $expected for machine $name, whose name docker does not take",
    async ({ name, expected }) => {
      const { context } = await registered(name);
      expect(await hasDockerContext(context.dockerConfig, expected)).toBe(true);
    },
  );

  test("is not made unless it is asked for", async () => {
    const world = await coreWorld();
    world.provider.guest = "serving";
    await createMachine(world.context, createRequest({ name: "dev" }));
    expect(await hasDockerContext(world.context.dockerConfig, "dev")).toBe(false);
  });

  test("goes with the machine, and docker's own is current again", async () => {
    const { context } = await registered();
    await useDockerContext(context, await context.store.readMachine("dev"));
    expect(await readCurrentContext(context.dockerConfig)).toBe("dev");
    await removeMachine(context, "dev", { force: false });
    expect(await hasDockerContext(context.dockerConfig, "dev")).toBe(false);
    expect(await readCurrentContext(context.dockerConfig)).toBeUndefined();
  });

  test("goes with a create that fails", async () => {
    const world = await coreWorld();
    world.provider.guest = "mute";
    const request = createRequest({ name: "dev", registersContext: true, bootTimeoutMs: 50 });
    await expect(createMachine(world.context, request)).rejects.toThrow();
    expect(await hasDockerContext(world.context.dockerConfig, "dev")).toBe(false);
  });

  test("of something else is left alone, with a warning", async () => {
    const world = await coreWorld();
    world.provider.guest = "serving";
    await foreignContext(world, "dev");
    await createMachine(world.context, createRequest({ name: "dev", registersContext: true }));
    expect(world.warnings).toEqual([
      'docker context "dev" exists already, so machine "dev" is not registered as one',
    ]);
    await withdrawDockerContext(world.context, "dev");
    expect(await hasDockerContext(world.context.dockerConfig, "dev")).toBe(true);
  });

  test("that the machine does not have cannot be used", async () => {
    const { context } = await registered();
    await withdrawDockerContext(context, "dev");
    const { dockerContext: _, ...record } = await context.store.readMachine("dev");
    await expect(useDockerContext(context, record)).rejects.toMatchObject({
      code: "CONTEXT_MISSING",
    });
  });

  test("in a store that cannot be written is a warning, not a failure", async () => {
    const world = await coreWorld();
    world.provider.guest = "serving";
    await writeFile(world.context.dockerConfig, "a file where a folder should be");
    await createMachine(world.context, createRequest({ name: "dev", registersContext: true }));
    expect(world.warnings).toEqual([
      expect.stringMatching(/^docker context "dev" is not up to date: /),
    ]);
  });
});

describe("the current context", () => {
  test("is set and taken back among settings that stay as they were", async () => {
    const { context } = await coreWorld();
    const path = join(context.dockerConfig, "config.json");
    const settings = '{\n\t"auths": {},\n\t"psFormat": "json"\n}';
    await mkdir(context.dockerConfig);
    await writeFile(path, settings);
    await useContext(context.dockerConfig, "dev");
    expect(JSON.parse(await readFile(path, "utf8"))).toEqual({
      ...{ auths: {}, psFormat: "json", currentContext: "dev" },
    });
    await useContext(context.dockerConfig, undefined);
    expect(await readFile(path, "utf8")).toBe(settings);
  });

  test("is written where a link leads, with the mode that the file has", async () => {
    const { context } = await coreWorld();
    const dotfile = join(await temporaryDirectory(), "docker.json");
    await mkdir(context.dockerConfig);
    await writeFile(dotfile, "{}", { mode: 0o644 });
    await symlink(dotfile, join(context.dockerConfig, "config.json"));
    await useContext(context.dockerConfig, "dev");
    expect(JSON.parse(await readFile(dotfile, "utf8"))).toEqual({ currentContext: "dev" });
    expect((await stat(dotfile)).mode & 0o777).toBe(0o644);
  });

  test("is left alone when it is no machine's of this store", async () => {
    const world = await registered();
    await foreignContext(world, "my-own");
    await useContext(world.context.dockerConfig, "my-own");
    expect(await leaveDockerContext(world.context)).toBe("my-own");
    expect(await readCurrentContext(world.context.dockerConfig)).toBe("my-own");
    await useDockerContext(world.context, await world.context.store.readMachine("dev"));
    expect(await leaveDockerContext(world.context)).toBe("default");
    expect(await readCurrentContext(world.context.dockerConfig)).toBeUndefined();
  });

  test.each(["{", "[]", '{"currentContext": 7}'])(
    "in settings like %s is refused",
    async (text) => {
      const { context } = await coreWorld();
      await mkdir(context.dockerConfig);
      await writeFile(join(context.dockerConfig, "config.json"), text);
      await expect(useContext(context.dockerConfig, "dev")).rejects.toMatchObject({
        code: "CONFIG_INVALID",
      });
    },
  );
});
