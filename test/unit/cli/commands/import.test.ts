import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { importCommand } from "../../../../src/cli/commands/system/import.ts";
import { createNoneProvider } from "../../../../src/providers/none/provider.ts";
import { oldStore } from "../../../support/docker-machine/old-store.ts";
import { runCommand } from "../../../support/worlds/cli-world.ts";
import { coreWorld } from "../../../support/worlds/core-world.ts";

async function importWorld() {
  const world = await coreWorld({ otherProviders: [createNoneProvider()] });
  const old = await oldStore();
  await old.add({ name: "db", driver: "none", fields: { URL: "tcp://192.0.2.8:2376" } });
  await old.add({ name: "vm", driver: "virtualbox" });
  const run = (args: readonly string[], environment = {}) =>
    runCommand(world, importCommand, args, { environment });
  return { ...world, old, run };
}

describe("import", () => {
  test("prints what became of each machine", async () => {
    const { old, run } = await importWorld();
    const { stdout, exitStatus } = await run([old.path]);
    expect(stdout.split("\n").map((line) => line.split(/ {2,}/))).toEqual([
      ["NAME", "DRIVER", "OUTCOME", "NOTES"],
      ["db", "none", "imported"],
      ["vm", "virtualbox", "unsupported", expect.stringContaining("go on with docker-machine")],
      [""],
    ]);
    expect(exitStatus).toBe(0);
  });

  test("with --json prints the same, and with --dry-run does nothing", async () => {
    const { context, old, run } = await importWorld();
    const { stdout } = await run(["--json", "--dry-run", old.path, "db"]);
    expect(JSON.parse(stdout)).toEqual({
      path: old.path,
      machines: [{ name: "db", driver: "none", outcome: "importable", notes: [] }],
    });
    expect(await context.store.listMachineNames()).toEqual([]);
  });

  test("takes the folder of docker-machine's variable, and names without a path", async () => {
    const { old, run } = await importWorld();
    const { stdout } = await run(["db"], { MACHINE_STORAGE_PATH: old.path });
    expect(stdout).toMatch(/^db +none +imported/m);
  });

  test("ends with 1 when a machine that was named cannot be taken over", async () => {
    const { old, run } = await importWorld();
    expect((await run([old.path, "vm"])).exitStatus).toBe(1);
  });

  test.each([
    [["--ssh-host-key", "ssh-ed25519 x", "./src", "db"], "is no SSH host key"],
    [["--ssh-host-key", key(), "./src"], "--ssh-host-key is the key of one machine"],
    [["./src"], `there is no docker-machine store at ${join(process.cwd(), "src")}`],
    [["./nowhere"], `there is no file ${join(process.cwd(), "nowhere")}`],
    [["missing.tsmachine"], `there is no file ${join(process.cwd(), "missing.tsmachine")}`],
    [["nobody"], `there is no file ${join(process.cwd(), "nobody")}`],
  ])("refuses %j", async (args, message) => {
    const { run } = await importWorld();
    await expect(run(args)).rejects.toThrow(message);
  });
});

function key(): string {
  return "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKiEwLBZBGNeFyqDLdyxyQUsfRbdvC9/EVJcRQbrVWzr";
}
