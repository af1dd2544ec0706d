import { expect, test } from "vitest";
import { openSharedCacheStore, smallMachine } from "../support/machine.ts";
import { commandLineOf, processesIn } from "../support/tsmachine-processes.ts";

test("`--kvm-boot iso` boots the ISO itself, through the firmware, to an engine that answers", async () => {
  await using store = await openSharedCacheStore();
  const flags = [...smallMachine, "--kvm-boot", "iso"].join(" ");
  // The firmware reads the ISO through an emulated drive: minutes, where all is emulated.
  const create = `TSMACHINE_BOOT_TIMEOUT=480 tsmachine create ${flags} default`;
  expect(await store.shell(create)).toMatchObject({ exitCode: 0 });
  const [qemu] = await processesIn(store.path);
  const words = qemu === undefined ? [] : await commandLineOf(qemu);
  expect(words).not.toContain("-kernel");
  expect(words).toContain("ide-cd,bus=ide.0,drive=iso,bootindex=0");
  const script = 'eval "$(tsmachine env --shell sh default)" && docker version -f {{.Server.Os}}';
  expect(await store.shell(script)).toMatchObject({ exitCode: 0, stdout: "linux\n" });
});
