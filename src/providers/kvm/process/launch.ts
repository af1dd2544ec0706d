import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import { readTextIfPresent } from "../../../host/files/files.ts";
import { poll } from "../../../host/poll.ts";
import type { ProcessIdentity } from "../../../host/processes/process-identity.ts";
import {
  type DetachedProcess,
  type ProcessEnd,
  spawnDetached,
} from "../../../host/processes/spawn-detached.ts";
import type { Operation } from "../../provider.ts";
import type { MemoryFacts } from "../memory/saved-memory.ts";
import { searchDomains } from "../network/search-domains.ts";
import type { Suitable } from "../preflight/inspect-host.ts";
import { type KvmMachine, pathOf } from "../record.ts";
import type { FolderService } from "../sharing/folder-service.ts";
import { endVirtiofsds } from "../sharing/virtiofsd.ts";
import type { KvmWorld } from "../world.ts";
import { askQemu } from "./ask-qemu.ts";
import { queryPower } from "./power.ts";
import { qemuArguments } from "./qemu-arguments.ts";
import { expectQemuProcess, forgetQemuProcess, rememberQemuProcess } from "./qemu-process.ts";
import { terminate } from "./terminate.ts";

/** A busy host takes a while to load QEMU; a stuck one is given up. */
const limitMs = 30_000;
/** Gigabytes are read from slow disks. */
const memoryLimitMs = 15 * 60_000;

export interface Launch {
  readonly world: KvmWorld;
  readonly suitable: Suitable;
  /** There when the guest goes on with its memory that was saved; it is halted when this returns. */
  readonly memory?: MemoryFacts | undefined;
  /** Absent where the guest gets no folders of this host. */
  readonly folders?: FolderService | undefined;
}

/**
 * Starts QEMU detached from this process, and returns once it says that the guest runs, or could.
 * When that fails or is aborted, no QEMU is left behind.
 * @throws TsmachineError QEMU_FAILED with QEMU's last words; MACHINE_FAILED when it does not take the
 *   kernel; TIMEOUT.
 */
export async function launchQemu(
  machine: KvmMachine,
  { world, suitable, memory, folders }: Launch,
  operation: Operation,
): Promise<void> {
  const { program, accelerator } = suitable;
  const offered = folders?.offered;
  const resolvConf = (await readTextIfPresent(world.linux.resolvConf)) ?? "";
  const args = qemuArguments(machine, {
    ...{ ...suitable, platform: world.platform, memory, offered },
    searchDomains: searchDomains(resolvConf),
  });
  await expectQemuProcess(machine);
  let qemu: DetachedProcess | undefined;
  try {
    await folders?.start(operation);
    qemu = await spawnDetached(program.path, args, {
      cwd: machine.directory,
      logPath: pathOf(machine, "qemuLog"),
      environment: world.environment,
    });
    if (qemu.identity !== undefined) {
      await rememberQemuProcess(machine, qemu.identity, { accelerator, offered });
    }
    const timeoutMs = memory === undefined ? limitMs : memoryLimitMs;
    await untilRunning(qemu, { machine, world, timeoutMs, signal: operation.signal });
  } catch (error) {
    await undo(machine, { world, process: qemu?.identity }, operation);
    throw error;
  }
}

/** Whether QEMU ended because something else listens on a port that it was to forward. */
export function isPortConflict(error: unknown): boolean {
  return (
    error instanceof TsmachineError &&
    error.code === "QEMU_FAILED" &&
    /could not set up host forwarding rule|address already in use/i.test(error.message)
  );
}

interface Rise {
  readonly machine: KvmMachine;
  readonly world: KvmWorld;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

async function untilRunning(
  qemu: DetachedProcess,
  { machine, world, timeoutMs, signal }: Rise,
): Promise<void> {
  const probe = async () => {
    const end = qemu.end();
    if (end !== undefined) throw await earlyEnd(machine, end);
    try {
      const power = await askQemu(machine, { world, signal }, queryPower);
      return power === "starting" ? undefined : power;
    } catch (error) {
      if (error instanceof TsmachineError && error.code === "QMP_UNREACHABLE") return undefined;
      throw error;
    }
  };
  const waitingFor = `QEMU of machine "${machine.name}" to start`;
  await poll(probe, { waitingFor, everyMs: 20, timeoutMs, signal });
}

interface Begun {
  readonly world: KvmWorld;
  /** Undefined when it has ended by itself. */
  readonly process: ProcessIdentity | undefined;
}

async function undo(
  machine: KvmMachine,
  { world, process }: Begun,
  operation: Operation,
): Promise<void> {
  // The operation's own signal may be what has ended the start.
  const signal = AbortSignal.timeout(limitMs);
  try {
    const unhurried = { signal, report: (step: string) => operation.report(step) };
    if (process !== undefined) await terminate(process, "QEMU", unhurried);
    // Those that QEMU did not come to would wait for ever.
    await endVirtiofsds(machine, world, unhurried);
    await forgetQemuProcess(machine);
  } catch {
    operation.report(`QEMU (process ${process?.pid}) could not be ended`);
  }
}

async function earlyEnd(machine: KvmMachine, end: ProcessEnd): Promise<TsmachineError> {
  const log = pathOf(machine, "qemuLog");
  const output = ((await readTextIfPresent(log)) ?? "").trim();
  const lastLine = output.split("\n").at(-1) ?? "";
  const how = end.signal === null ? `with status ${end.exitCode}` : `by signal ${end.signal}`;
  if (notAKernel.test(output)) return kernelRefused(machine, lastLine);
  const known = knownFailures.find(({ sign }) => sign.test(output));
  return new TsmachineError(
    "QEMU_FAILED",
    `QEMU of machine "${machine.name}" ended ${how}${lastLine === "" ? "" : `: ${lastLine}`}`,
    { hints: [known?.hint(machine) ?? `read QEMU's messages in ${log}`], context: { output } },
  );
}

/** What QEMU says of a file that is no kernel, or none for its machine's processor. */
const notAKernel =
  /linux kernel too old|invalid kernel header|could not load kernel|without PVH ELF Note/i;

function kernelRefused({ name }: KvmMachine, words: string): TsmachineError {
  return new TsmachineError(
    "MACHINE_FAILED",
    `machine "${name}" failed before its kernel ran: QEMU does not boot it: ${words}`,
    {
      hints: ["create the machine with the bzImage or Image of a Linux kernel for its processor"],
      // Tells it from a machine that ended without a word for the host's reasons.
      context: { machine: name, console: [], isKernelRefused: true },
    },
  );
}

interface KnownFailure {
  readonly sign: RegExp;
  readonly hint: (machine: KvmMachine) => string;
}

const knownFailures: readonly KnownFailure[] = [
  {
    sign: /load of migration failed|unsupported machine type/i,
    hint: ({ name }) =>
      `start it with the QEMU that it was suspended with, or give up what was saved with \`tsmachine kill ${name}\``,
  },
  {
    sign: /cannot allocate memory|cannot set up guest memory/i,
    hint: () => "free memory on this host, or create the machine with a smaller `--kvm-memory`",
  },
  {
    sign: /failed to get .* lock|cannot lock pid file/i,
    hint: () => "end the other process that uses the machine's files",
  },
  {
    sign: /failed to initialize (kvm|hvf|whpx)|could not access kvm|WHPX: /i,
    hint: () => "create the machine with `--kvm-accel tcg` to emulate in software",
  },
  {
    sign: /no space left on device/i,
    hint: () => "free space on this host's disk",
  },
];
