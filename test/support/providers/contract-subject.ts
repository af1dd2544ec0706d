import { onTestFinished } from "vitest";
import { poll } from "../../../src/host/poll.ts";
import { freeLoopbackPorts } from "../../../src/host/ports.ts";
import type {
  Endpoint,
  Forward,
  Instance,
  Json,
  MachinePlaces,
  MachineSpec,
  PowerState,
  Provider,
} from "../../../src/providers/provider.ts";
import { recordedOperation } from "../worlds/operations.ts";

/** A provider under test. */
export interface AdoptingSubject {
  readonly provider: Provider;
  /** A machine nobody has yet, with an empty folder of its own. */
  newMachine(): Promise<NewMachine>;
  /** Create options that make a small, fast instance. */
  readonly options: unknown;
  /** Create options that no host can fulfil. */
  readonly impossibleOptions: unknown;
}

/** One that owns its instances, and how to change them behind its back. */
export interface ContractSubject extends AdoptingSubject {
  /** The guest's greeting on its console; undefined where there is no guest that writes one. */
  readonly greeting: string | undefined;
  /** Ends the running instance the hard way, from outside. */
  pullThePlug(machine: PlannedMachine): Promise<void>;
  /** Deletes what the stopped instance is made of, from outside. */
  destroy(machine: PlannedMachine): Promise<void>;
}

export interface NewMachine {
  readonly spec: MachineSpec;
  readonly places: MachinePlaces;
}

export interface PlannedMachine {
  readonly record: Json;
  readonly places: MachinePlaces;
}

export async function planned(subject: AdoptingSubject) {
  const { spec, places } = await subject.newMachine();
  const record = await subject.provider.plan(spec, subject.options, recordedOperation());
  const instance = subject.provider.open(record, places);
  onTestFinished(() => instance.remove({ signal: testSignal(), report: () => undefined }));
  return { places, record, instance };
}

export async function created(subject: ContractSubject) {
  const { places, instance: unmade } = await planned(subject);
  const record = await unmade.create(recordedOperation());
  return { places, record, instance: subject.provider.open(record, places) };
}

export async function started(subject: ContractSubject) {
  const { places, instance: stopped } = await created(subject);
  const record = await stopped.start(recordedOperation());
  const instance = subject.provider.open(record, places);
  await untilPower(instance, "running");
  return { places, record, instance };
}

/** One of TCP and one of UDP, from ports that are free. */
export async function sampleForwards(): Promise<readonly [Forward, Forward]> {
  const [hostPort = 0] = await freeLoopbackPorts(1);
  const ends = { hostAddress: "127.0.0.1", hostPort, guestPort: 80 };
  return [
    { protocol: "tcp", ...ends, guestSide: "all" },
    { protocol: "udp", ...ends, guestSide: "loopback" },
  ];
}

export async function untilPower(instance: Instance, wanted: PowerState): Promise<void> {
  await poll(
    async () => ((await instance.power(recordedOperation())) === wanted ? true : undefined),
    { waitingFor: `power ${wanted}`, everyMs: 50, timeoutMs: 60_000, signal: testSignal() },
  );
}

/** Where the instance, which runs, is reached; its address may come a while after its start. */
export async function untilLocated(instance: Instance): Promise<Endpoint> {
  return poll(
    async () => {
      const endpoint = await instance.endpoint(recordedOperation());
      return endpoint.address === "" ? undefined : endpoint;
    },
    { waitingFor: "an address", everyMs: 50, timeoutMs: 60_000, signal: testSignal() },
  );
}

/** Returns at once where there is no greeting. */
export async function untilGreeted(
  instance: Instance,
  greeting: ContractSubject["greeting"],
): Promise<void> {
  if (greeting === undefined) return;
  await poll(async () => ((await instance.consoleTail(5)).includes(greeting) ? true : undefined), {
    waitingFor: "the greeting",
    everyMs: 50,
    timeoutMs: 60_000,
    signal: testSignal(),
  });
}

/** No test takes longer. */
export function testSignal(): AbortSignal {
  return AbortSignal.timeout(120_000);
}
