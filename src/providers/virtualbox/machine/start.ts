import { rename, writeFile } from "node:fs/promises";
import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import { unlessMissing } from "../../../host/files/files.ts";
import { poll } from "../../../host/poll.ts";
import { freeLoopbackPorts, isLoopbackPortFree } from "../../../host/ports.ts";
import type { Operation } from "../../provider.ts";
import type { MachineView } from "../control.ts";
import { hasAnswered } from "../failure.ts";
import { madeOnce } from "../made-once.ts";
import { claimAddress } from "../network/claim-address.ts";
import { longMs, memoryMs } from "../patience.ts";
import { explainFailedLaunch } from "../preflight/failed-launch.ts";
import {
  forwardsOf,
  pathOf,
  portsIn,
  type VirtualBoxMachine,
  type VirtualBoxRecord,
} from "../record.ts";
import { isForeign } from "../webservice/address.ts";
import { hardwareOf, withClaim } from "./create.ts";
import { findMachine, missing, requireMachine } from "./find.ts";
import { insertImages } from "./media.ts";
import { requireOwnView } from "./own.ts";
import { hasDisk, isSaved, powerOfState, settledState } from "./power.ts";
import { powerOffInstance } from "./stop.ts";
import type { Tools } from "./tools.ts";

/**
 * Powers the instance on, or lets it go on where it was saved or paused. Its record has other ports
 * afterwards where the old ones were taken.
 * @throws TsmachineError INSTANCE_MISSING, INSTANCE_EXISTS, INSTANCE_LOCKED, VIRTUALBOX_FAILED, HOST_UNSUPPORTED
 */
export async function startInstance(
  machine: VirtualBoxMachine,
  record: VirtualBoxRecord,
  { tools, operation }: { readonly tools: Tools; readonly operation: Operation },
): Promise<VirtualBoxRecord> {
  const { control } = tools;
  await endCrashed(machine, tools);
  const view = await requireMachine(machine, tools);
  switch (powerOfState(view.state)) {
    case "running":
      return withPorts(record, view);
    case "suspended":
      return goOn(machine, record, { view, tools, operation });
    case "paused":
      await control.resume(machine.uuid);
      return withPorts(record, view);
    case "stopped":
      break;
    default:
      throw new TsmachineError(
        "VIRTUALBOX_FAILED",
        `machine "${machine.name}" cannot be started: VirtualBox says that it is ${view.state}`,
        { hints: [`power it off with \`tsmachine kill ${machine.name}\`, then start it again`] },
      );
  }
  if (!(await hasDisk(view))) throw missing(machine);
  const prepared = await prepare(machine, record, { view, tools, operation });
  await launch(machine, view, tools);
  return prepared;
}

/** A crashed machine's process would hold it: it could not be registered where its folder is now. */
async function endCrashed(machine: VirtualBoxMachine, tools: Tools): Promise<void> {
  const view = await settledState(machine, tools);
  await requireOwnView(machine, view);
  if (view !== undefined && powerOfState(view.state) === "crashed") {
    await powerOffInstance(machine, tools);
  }
}

interface Preparation {
  readonly view: MachineView;
  readonly tools: Tools;
  readonly operation: Operation;
}

/** The hardware of a saved machine is that of its state; the ways to it may be others by now. */
async function goOn(
  machine: VirtualBoxMachine,
  record: VirtualBoxRecord,
  { view, tools, operation }: Preparation,
): Promise<VirtualBoxRecord> {
  const claim = await claimAddress(record, tools);
  const claimed = withClaim(record, claim);
  const prepared = { ...claimed, ports: await usablePorts(claimed, operation) };
  if (claim !== undefined && !view.adapters.includes(claim.adapter)) {
    await tools.control.moveToAdapter(machine.uuid, claim.adapter);
  }
  await setForwards(prepared, view, tools);
  await launch(machine, view, tools);
  return prepared;
}

/** Whatever may have changed since the last start is made as it should be. */
async function prepare(
  machine: VirtualBoxMachine,
  record: VirtualBoxRecord,
  { view, tools, operation }: Preparation,
): Promise<VirtualBoxRecord> {
  const { control } = tools;
  const claimed = withClaim(record, await claimAddress(record, tools));
  const prepared = { ...claimed, ports: await usablePorts(claimed, operation) };
  await startConsoleLog(machine);
  await control.configureMachine(machine.uuid, hardwareOf({ ...machine, ...prepared }));
  await setForwards(prepared, view, tools);
  await insertImages(machine, view, tools);
  return prepared;
}

/** Other forwards of the machine are the user's own. */
async function setForwards(
  record: VirtualBoxRecord,
  { forwards }: MachineView,
  { control }: Tools,
): Promise<void> {
  const after = forwardsOf(record);
  const names = after.map(({ name }) => name);
  const before = forwards.filter(({ name }) => names.includes(name));
  await control.setForwards(record.uuid, before, after);
}

/** A start that was killed may have given the machine other ports than its record has. */
function withPorts(record: VirtualBoxRecord, { forwards }: MachineView): VirtualBoxRecord {
  return { ...record, ports: portsIn(forwards) ?? record.ports };
}

async function usablePorts(
  { ports }: VirtualBoxRecord,
  operation: Operation,
): Promise<VirtualBoxRecord["ports"]> {
  const areFree = await Promise.all(Object.values(ports).map(isLoopbackPortFree));
  if (areFree.every((isFree) => isFree)) return ports;
  operation.report("a port of the machine is in use by another program; choosing new ports");
  return choosePorts();
}

export async function choosePorts(): Promise<VirtualBoxRecord["ports"]> {
  const [ssh, docker] = await freeLoopbackPorts(2);
  if (ssh === undefined || docker === undefined) throw new Error("fewer ports than asked for");
  return { ssh, docker };
}

/** Each start has a console log of its own. Made here, because VirtualBox lets everybody read it. */
async function startConsoleLog(machine: VirtualBoxMachine): Promise<void> {
  const path = pathOf(machine, "consoleLog");
  await unlessMissing(rename(path, pathOf(machine, "previousConsoleLog")));
  await writeFile(path, "", { mode: 0o600 });
}

/** Nothing runs when it fails or is cancelled, and one that was saved still is. */
async function launch(machine: VirtualBoxMachine, view: MachineView, tools: Tools): Promise<void> {
  tools.signal.throwIfAborted();
  const begun = Date.now();
  // The memory of a saved one is read first.
  const limitMs = isSaved(view) ? memoryMs : longMs;
  // The call has a shorter limit of its own. Ended by the user, it would leave a machine that is about to come up.
  const launching = tools.unhurried(2 * limitMs);
  const isRunning = async () => {
    const now = await settledState(machine, tools);
    return now !== undefined && powerOfState(now.state) === "running";
  };
  try {
    await madeOnce(
      () => launching.control.launch(machine.uuid, machine.uiType, limitMs),
      isRunning,
    );
    tools.signal.throwIfAborted();
  } catch (error) {
    // Somebody else was quicker, or holds the machine: nothing of it was begun here.
    if (error instanceof TsmachineError && error.code === "INSTANCE_LOCKED") {
      if (await isRunning()) return;
      throw error;
    }
    if (!hasAnswered(error)) await comingUp(machine, tools.unhurried());
    if (isSaved(view)) await saveAgain(machine, tools.unhurried(2 * memoryMs));
    else await powerOffInstance(machine, tools.unhurried());
    tools.signal.throwIfAborted();
    // The logs, and the host to look at, are those of the other VirtualBox.
    if (isForeign(machine.webservice)) throw error;
    throw await explainFailedLaunch(error, { ...view, begun }, tools.world);
  }
}

/** Milliseconds that the machine's own process takes at most until VirtualBox shows it. */
const spawnMs = 10_000;

/** Waits a while for a machine that VirtualBox may be starting: until its process is there, it is off or saved. */
async function comingUp(machine: VirtualBoxMachine, tools: Tools): Promise<void> {
  const { world, signal } = tools;
  const timeoutMs = spawnMs * world.patience;
  const deadline = performance.now() + timeoutMs;
  await poll(
    async () => {
      const now = await findMachine(machine, tools);
      const isResting =
        now !== undefined && (isSaved(now) || powerOfState(now.state) === "stopped");
      return isResting && performance.now() < deadline ? undefined : true;
    },
    {
      waitingFor: `machine "${machine.name}" to come up in VirtualBox`,
      ...{ everyMs: 200, timeoutMs: 2 * timeoutMs, signal },
    },
  );
}

async function saveAgain(machine: VirtualBoxMachine, tools: Tools): Promise<void> {
  const view = await settledState(machine, tools);
  if (view === undefined || isSaved(view)) return;
  const isWhole = powerOfState(view.state) === "running" || view.state === "paused";
  if (isWhole) await tools.control.saveState(machine.uuid);
  else await powerOffInstance(machine, tools);
}
