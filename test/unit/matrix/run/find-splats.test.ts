import { describe, expect, test } from "vitest";
import { findSplats } from "../../../../src/matrix/run/find-splats.ts";

describe("findSplats", () => {
  test.each([
    "WARNING: CPU: 0 PID: 1 at kernel/fork.c:1 copy_process+0x1/0x2",
    "WARNING: kernel/fork.c:1 at copy_process+0x1/0x2, CPU#0: init/1",
    "WARNING: possible circular locking dependency detected",
    "BUG: kernel NULL pointer dereference, address: 0000000000000000",
    "BUG: unable to handle page fault for address: ffffffffffffffff",
    "kernel BUG at mm/slub.c:4023!",
    "Oops: 0002 [#1] PREEMPT SMP NOPTI",
    "Internal error: Oops - BUG: 00000000f2000800 [#1] SMP",
    "Internal error: synchronous external abort: 0000000096000010 [#1] SMP",
    "divide error: 0000 [#1] PREEMPT SMP NOPTI",
    "Oops: divide error: 0000 [#1] SMP",
    "invalid opcode: 0000 [#1] PREEMPT SMP",
    "stack segment: 0000 [#1] SMP",
    "double fault: 0000 [#1] PREEMPT SMP",
    "WARNING: held lock freed!",
    "INFO: task docker:512 blocked for more than 120 seconds.",
    "watchdog: BUG: soft lockup - CPU#1 stuck for 22s! [stress:77]",
    "rcu: INFO: rcu_preempt self-detected stall on CPU",
    "rcu: INFO: rcu_sched detected stalls on CPUs/tasks: { 1 }",
    "general protection fault, probably for non-canonical address 0xdead: 0000 [#1] SMP",
    "Kernel panic - not syncing: sysrq triggered crash",
  ])("finds %s", (line) => {
    expect(findSplats(`[    1.2] fine\n[    3.400000] ${line}\n`, [])).toEqual([line]);
  });

  test.each([
    "Linux version 6.12.107 (debian-kernel@lists.debian.org)",
    "overlayfs: WARNING: upper fs needs to support d_type.",
    "ACPI BIOS Warning (bug): Incorrect checksum in table",
    "DEBUG: 1",
    "traps: test[77] trap divide error ip:401000 sp:7ffc0 error:0 in test[401000+1000]",
    "traps: test[78] trap invalid opcode ip:401000 sp:7ffc0 error:0 in test[401000+1000]",
    "systemd[1]: Oops",
    "oom-kill:constraint=CONSTRAINT_MEMCG",
  ])("leaves %s alone", (line) => {
    expect(findSplats(`[    3.400000] ${line}\n`, [])).toEqual([]);
  });

  test("tells each once, in their order, without times and priorities", () => {
    const messages = [
      "[   10.1] BUG: two",
      "<4>[    3.4][   T12] kernel BUG at one.c:1!\r",
      "[   11.1] BUG: two",
    ];
    expect(findSplats(messages.join("\n"), [])).toEqual(["BUG: two", "kernel BUG at one.c:1!"]);
  });

  test("leaves out what is allowed", () => {
    const messages = "[ 1.2] BUG: known one\n[ 1.3] BUG: another\n";
    expect(findSplats(messages, ["^BUG: known"])).toEqual(["BUG: another"]);
  });
});
