import { existsSync } from "node:fs";
import { chmod, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { beforeEach, describe, expect, test, vi } from "vitest";
import * as z from "zod";
import type { CommandFactory } from "../../../../../src/cli/cli.ts";
import { mountCommand } from "../../../../../src/cli/commands/ssh/mount.ts";
import { scpCommand } from "../../../../../src/cli/commands/ssh/scp.ts";
import { sshCommand } from "../../../../../src/cli/commands/ssh/ssh.ts";
import { temporaryDirectory } from "../../../../support/temporary-directory.ts";
import { runCommand } from "../../../../support/worlds/cli-world.ts";
import {
  type CoreWorld,
  coreWorld,
  runningMachine,
} from "../../../../support/worlds/core-world.ts";

let world: CoreWorld;
let programs: string;
beforeEach(async () => {
  world = await coreWorld();
  await runningMachine(world);
  programs = await temporaryDirectory();
  vi.stubEnv("PATH", programs);
  return () => vi.unstubAllEnvs();
});

const run = (factory: CommandFactory, ...args: string[]) =>
  runCommand(world, factory, args, { environment: { PATH: programs } });

/** Programs that write down their arguments, and the configuration that one of them names. */
async function install(...names: string[]) {
  for (const name of names) {
    const path = join(programs, name);
    const script = [
      "#!/bin/sh",
      `for arg; do echo "$arg"; done >${path}.args`,
      `[ "$1" != -F ] || [ "$2" = none ] || while read -r line; do echo "$line"; done <"$2" >${path}.config`,
      `[ ! -e ${path}.fails ]`,
    ];
    await writeFile(path, `${script.join("\n")}\n`);
    await chmod(path, 0o755);
  }
}
const makeFail = (name: string) => writeFile(join(programs, `${name}.fails`), "");
const argumentsOf = async (name: string) =>
  (await readFile(join(programs, `${name}.args`), "utf8")).trim().split("\n");

describe("scp", () => {
  test("hands scp a configuration with the machine, which is gone in the end", async () => {
    await install("scp");
    expect(await run(scpCommand, "-r", "a", "dev:b")).toEqual({
      ...{ exitStatus: 0, stdout: "", stderr: "" },
    });
    const [option, path, ...rest] = await argumentsOf("scp");
    expect([option, ...rest]).toEqual(["-F", "-3", "-r", "-q", "--", "./a", "dev:b"]);
    expect(existsSync(z.string().parse(path))).toBe(false);
    const { sshKey } = world.context.store.machineLayout("dev");
    const config = await readFile(join(programs, "scp.config"), "utf8");
    expect(config).toContain(`Host dev\n`);
    expect(config).toContain(`IdentityFile="${sshKey}"\n`);
  });

  test("says in JSON what was copied", async () => {
    await install("scp");
    const { stdout } = await run(scpCommand, "--json", "dev:", "b");
    expect(JSON.parse(stdout)).toEqual({
      source: { machine: "dev", path: "." },
      destination: { machine: null, path: "b" },
      tool: "scp",
    });
  });

  test("fails when scp does", async () => {
    await install("scp");
    await makeFail("scp");
    await expect(run(scpCommand, "a", "dev:b")).rejects.toMatchObject({
      code: "COPY_FAILED",
      message: "the copy is incomplete: scp ended with status 1",
    });
  });

  test("-d takes rsync, and asks for what it needs where that is not there", async () => {
    await install("ssh");
    await expect(run(scpCommand, "-d", "a", "dev:b")).rejects.toMatchObject({
      code: "PROGRAM_MISSING",
      hints: ["install rsync, or leave out -d"],
    });
    await install("rsync");
    await run(scpCommand, "-d", "a", "dev:b");
    expect((await argumentsOf("rsync")).slice(-3)).toEqual(["--", "./a", "dev:b"]);
  });

  test.each([[[]], [["a"]], [["a", "dev:b", "c"]]])(
    "takes two locations and not %j",
    async (args) => {
      await expect(run(scpCommand, ...args)).rejects.toThrow("Improper number of arguments");
    },
  );

  test.each([
    ["a machine that there is not", ["nope:a", "b"], "MACHINE_NOT_FOUND"],
    ["a user that programs take for an option", ["a", "-ox=y@dev:b"], "INVALID_INPUT"],
    ["two machines with -d", ["-d", "dev:a", "dev:b"], "INVALID_INPUT"],
  ])("refuses %s", async (_, args, code) => {
    const safe = args.some((arg) => arg.startsWith("-o")) ? ["--", ...args] : args;
    await expect(run(scpCommand, ...safe)).rejects.toMatchObject({ code });
  });
});

describe("mount", () => {
  test("mounts with sshfs and unmounts with fusermount3, also without the machine", async () => {
    await install("sshfs", "fusermount3");
    expect((await run(mountCommand, "dev:/srv", "here")).stdout).toBe("");
    expect((await argumentsOf("sshfs")).slice(-2)).toEqual(["docker@127.0.0.1:/srv", "./here"]);
    await run(mountCommand, "-u", "gone:/srv");
    expect(await argumentsOf("fusermount3")).toEqual(["-u", "/srv"]);
  });

  test("says in JSON what is mounted where", async () => {
    await install("sshfs");
    expect(JSON.parse((await run(mountCommand, "--json", "dev:/srv")).stdout)).toEqual({
      ...{ machine: "dev", path: "/srv", mountPoint: "/srv", mounted: true },
    });
  });

  test("asks for the programs that it needs", async () => {
    await expect(run(mountCommand, "dev:/srv")).rejects.toMatchObject({
      code: "PROGRAM_MISSING",
      hints: ["install the package sshfs"],
    });
    await expect(run(mountCommand, "-u", "dev:/srv")).rejects.toMatchObject({
      code: "PROGRAM_MISSING",
      hints: ["install the package fuse3"],
    });
  });

  test("hides neither the store nor what is above it, which would block sshfs for ever", async () => {
    await install("sshfs");
    const { root, machines } = world.context.store.layout;
    for (const path of [root, dirname(root), "/"]) {
      await expect(run(mountCommand, "dev:/srv", path)).rejects.toMatchObject({
        code: "INVALID_INPUT",
        message: `the store ${root} lies in ${path}`,
      });
    }
    await run(mountCommand, "dev:/srv", machines);
  });

  test("fails when sshfs does", async () => {
    await install("sshfs");
    await makeFail("sshfs");
    await expect(run(mountCommand, "dev:/srv")).rejects.toMatchObject({ code: "PROGRAM_FAILED" });
  });

  test.each([[[]], [["dev:a", "b", "c"]]])("takes one or two places and not %j", async (args) => {
    await expect(run(mountCommand, ...args)).rejects.toThrow("Improper number of arguments");
  });
});

test.each([
  ["ssh", sshCommand, ["dev", "true"]],
  ["scp", scpCommand, ["dev:a", "b"]],
])("%s needs a machine that runs", async (_, factory, args) => {
  await install("ssh", "scp");
  await world.provider.setPower("dev", "stopped");
  await expect(run(factory, ...args)).rejects.toMatchObject({
    code: "MACHINE_NOT_RUNNING",
    message: 'Cannot run SSH command: Host "dev" is not running',
  });
});
