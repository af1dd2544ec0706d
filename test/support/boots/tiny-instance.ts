import { onTestFinished } from "vitest";
import { createKvmProvider } from "../../../src/providers/kvm/provider.ts";
import { parseKvmRecord, placeMachine } from "../../../src/providers/kvm/record.ts";
import type { NewMachine } from "../providers/contract-subject.ts";
import { recordedOperation } from "../worlds/operations.ts";
import { realWorld, tinyMachine, tinyOptions } from "./qemu.ts";

/** An instance of the tiny guest that is made and off; it is gone when the test has finished. */
export async function createTinyInstance(wanted?: NewMachine, options: object = {}) {
  const provider = createKvmProvider(realWorld());
  const { spec, places } = wanted ?? (await tinyMachine("tiny"));
  const plan = await provider.plan(spec, { ...tinyOptions, ...options }, recordedOperation());
  const machine = placeMachine(parseKvmRecord(plan), places);
  const instance = provider.open(plan, places);
  onTestFinished(() =>
    instance.remove({ signal: AbortSignal.timeout(60_000), report: () => undefined }),
  );
  await instance.create(recordedOperation());
  return { machine, places, instance };
}
