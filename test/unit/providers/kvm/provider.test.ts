import { describe, expect, test } from "vitest";
import { createKvmProvider } from "../../../../src/providers/kvm/provider.ts";
import { parseKvmRecord } from "../../../../src/providers/kvm/record.ts";
import type { KvmWorld } from "../../../../src/providers/kvm/world.ts";
import type { MachineSpec } from "../../../../src/providers/provider.ts";
import { fakeQemuFolder } from "../../../support/fake-qemu.ts";
import { recordedOperation } from "../../../support/operations.ts";
import { realWorld } from "../../../support/qemu.ts";

const spec: MachineSpec = { name: "default", architecture: "amd64" };

async function plan(world: Partial<KvmWorld>, options: object, change: Partial<MachineSpec> = {}) {
  const environment = { PATH: `${await fakeQemuFolder()}:/usr/bin:/bin` };
  const provider = createKvmProvider({ ...realWorld(), environment, ...world });
  const options_ = { accel: "tcg", ...options };
  return parseKvmRecord(await provider.plan({ ...spec, ...change }, options_, recordedOperation()));
}

describe("a plan", () => {
  test("takes over the machine's name and architecture, and has an identity of its own", async () => {
    const [one, two] = [await plan({}, {}), await plan({}, {})];
    expect(one).toMatchObject({ ...spec });
    expect(one.uuid).not.toBe(two.uuid);
  });

  test("has a port for QEMU's control socket on Windows alone", async () => {
    expect((await plan({ platform: "win32" }, {})).ports.qmp).toEqual(expect.any(Number));
    expect((await plan({ platform: "linux" }, {})).ports.qmp).toBeNull();
  });

  test("keeps a program's path valid for whatever folder QEMU is started in", async () => {
    const program = `${await fakeQemuFolder()}/qemu-system-x86_64`;
    expect((await plan({}, { program })).program).toBe(program);
    expect((await plan({}, { program: "qemu-system-x86_64" })).program).toBe("qemu-system-x86_64");
  });

  test("is refused when this host cannot run the machine", async () => {
    const PATH = `${await fakeQemuFolder({ version: "7.2.17" })}:/usr/bin:/bin`;
    await expect(plan({ environment: { PATH } }, {})).rejects.toMatchObject({
      code: "QEMU_TOO_OLD",
    });
    await expect(plan({}, { accel: "whpx" })).rejects.toMatchObject({
      code: "ACCELERATOR_UNAVAILABLE",
    });
  });

  test("of an arm64 machine that boots its ISO needs a firmware", async () => {
    const change = { architecture: "arm64" } as const;
    await expect(plan({}, { boot: "iso" }, change)).rejects.toMatchObject({
      code: "INVALID_INPUT",
      hints: [expect.stringContaining("--kvm-firmware")],
    });
  });
});
