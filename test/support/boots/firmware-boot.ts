import { expect } from "vitest";
import { openSharedCacheStore, smallMachine } from "../machines/machine.ts";
import { commandLineOf, processesIn } from "../machines/tsmachine-processes.ts";

/**
 * Expects a machine with these flags of `create` to come up by its firmware and the ISO, up to an engine that answers,
 * and to go down.
 * @param device an argument that its QEMU must have
 */
export async function expectFirmwareBoot(flags: readonly string[], device?: string): Promise<void> {
  await using store = await openSharedCacheStore();
  // The firmware reads the ISO through an emulated drive: minutes, where all is emulated.
  const create = `TSMACHINE_BOOT_TIMEOUT=480 tsmachine create ${[...smallMachine, ...flags].join(" ")} default`;
  expect(await store.shell(create)).toMatchObject({ exitCode: 0 });
  const [qemu] = await processesIn(store.path);
  const words = qemu === undefined ? [] : await commandLineOf(qemu);
  expect(words).not.toContain("-kernel");
  if (device !== undefined) expect(words).toContain(device);
  const script = 'eval "$(tsmachine env --shell sh default)" && docker version -f {{.Server.Os}}';
  expect(await store.shell(script)).toMatchObject({ exitCode: 0, stdout: "linux\n" });
  expect(await store.tsmachine("stop", "default")).toMatchObject({ exitCode: 0 });
}
