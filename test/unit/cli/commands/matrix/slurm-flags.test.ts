import { beforeEach, describe, expect, test } from "vitest";
import { matrixCommand } from "../../../../../src/cli/commands/matrix/matrix.ts";
import { taskCommand } from "../../../../../src/cli/commands/matrix/task-command.ts";
import { runCommand } from "../../../../support/worlds/cli-world.ts";
import { type CoreWorld, coreWorld } from "../../../../support/worlds/core-world.ts";

let world: CoreWorld;
beforeEach(async () => {
  world = await coreWorld();
});

const run = (...args: string[]) =>
  runCommand(
    world,
    matrixCommand,
    ["run", "--kernel", "6.1", "--engine", "26.1", ...args, "--", "true"],
    { environment: { PATH: "" } },
  );

describe("--executor slurm", () => {
  test.each([
    ["--shard", ["--shard", "1/2"]],
    ["--keep-failed", ["--keep-failed"]],
  ])("does not go with %s", async (flag, args) => {
    await expect(run("--executor", "slurm", ...args)).rejects.toMatchObject({
      ...{ code: "INVALID_INPUT", message: `${flag} does not go with --executor slurm` },
    });
  });

  test.each([
    ["--tasks", ["--tasks", "2"]],
    ["--slurm-option", ["--slurm-option", "--partition=x"]],
    ["--slurm-directory", ["--slurm-directory", "/tmp"]],
  ])("is what %s wants", async (flag, args) => {
    await expect(run(...args)).rejects.toMatchObject({
      ...{ code: "INVALID_INPUT", message: `${flag} is given without --executor slurm` },
    });
  });

  test("gives sbatch some words itself, which --slurm-option may not", async () => {
    await expect(run("--executor", "slurm", "--slurm-option=-oX")).rejects.toMatchObject({
      code: "INVALID_INPUT",
      message: "--slurm-option -oX is not the user's to give: tsmachine reads what tasks print",
    });
  });

  test("names the package where there is no Slurm", async () => {
    await expect(run("--executor", "slurm")).rejects.toMatchObject({
      ...{ code: "PROGRAM_MISSING", message: "program sbatch is not on PATH" },
      hints: [expect.stringContaining("apt install slurm-client")],
    });
  });
});

describe("what a task runs", () => {
  test("has what its definition was when the job was submitted", () => {
    const { before } = taskCommand(
      ["m.yaml"],
      { driver: "kvm" },
      {
        ...{ program: ["/usr/bin/node"], storagePath: "/s", debug: false, definitionSha256: "a1" },
      },
    );
    expect(before.at(-1)).toBe("--definition-sha256=a1");
  });

  test("has the flags of the run, and the matrix's", () => {
    const flags = {
      ...{ driver: "kvm", failFast: true, allowExpired: true, mirror: "http://m/debian", jobs: 2 },
      ...{ kernel: "6.1,6.12", engine: "26.1", load: ["a b.tar", "c.tar"], storageDriver: "vfs" },
      ...{ kernelArgument: [], allowSplat: [] },
    };
    const { before, after } = taskCommand(["docker", "run"], flags, {
      ...{ program: ["/usr/bin/node", "/opt/tsmachine"], storagePath: "/s", debug: false },
      definitionSha256: undefined,
    });
    expect(before).toEqual([
      ...["/usr/bin/node", "/opt/tsmachine", "--storage-path=/s", "matrix", "run", "--driver=kvm"],
      ...["--jobs=2", "--fail-fast", "--mirror=http://m/debian", "--allow-expired"],
    ]);
    expect(after).toEqual([
      ...["--kernel=6.1,6.12", "--engine=26.1", "--storage-driver=vfs", "--load=a b.tar"],
      ...["--load=c.tar", "--", "docker", "run"],
    ]);
  });
});
