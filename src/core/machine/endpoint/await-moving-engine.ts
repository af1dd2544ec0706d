import type { X509Certificate } from "node:crypto";
import { sleep } from "../../../host/sleep.ts";
import type { Endpoint } from "../../../providers/provider.ts";
import { type Context, operationFor } from "../../context.ts";
import type { OpenMachine } from "../open-machine.ts";
import { awaitEngine } from "./await-engine.ts";
import { isDynamic } from "./dynamic.ts";
import { storeEndpoint } from "./locate.ts";

const askEveryMs = 5000;

/**
 * Waits for the engine of a machine that comes up, also where it moves meanwhile: the address that a
 * hypervisor knows first may be the one of the start before.
 * @returns the machine where its engine answers, and the certificate that this has shown
 * @throws TsmachineError those of awaitEngine
 */
export async function awaitMovingEngine(
  context: Context,
  machine: OpenMachine,
  limits: Parameters<typeof awaitEngine>[2],
): Promise<{ readonly machine: OpenMachine; readonly certificate: X509Certificate }> {
  const begun = performance.now();
  const { waitedMs = 0 } = limits;
  let current = machine;
  for (;;) {
    const overMs = waitedMs + (performance.now() - begun);
    const outcome = await engineOrMove(context, current, { ...limits, waitedMs: overMs });
    if ("certificate" in outcome) return { machine: current, certificate: outcome.certificate };
    current = await storeEndpoint(context, current, outcome.endpoint);
  }
}

async function engineOrMove(
  context: Context,
  machine: OpenMachine,
  limits: Parameters<typeof awaitEngine>[2],
): Promise<{ readonly certificate: X509Certificate } | { readonly endpoint: Endpoint }> {
  if (!(await isDynamic(context, machine.record))) {
    return { certificate: await awaitEngine(context, machine, limits) };
  }
  const settled = new AbortController();
  const signal = AbortSignal.any([context.signal, settled.signal]);
  try {
    return await Promise.race([
      awaitEngine({ ...context, signal }, machine, limits).then((certificate) => ({ certificate })),
      untilMoved({ ...context, signal }, machine).then((endpoint) => ({ endpoint })),
    ]);
  } finally {
    settled.abort();
  }
}

/** Ends when the machine is found at another address. */
async function untilMoved(context: Context, { record, instance }: OpenMachine): Promise<Endpoint> {
  for (;;) {
    await sleep(askEveryMs, context.signal);
    const endpoint = await instance.endpoint(operationFor(context));
    if (endpoint.address !== "" && endpoint.address !== record.endpoint?.address) return endpoint;
  }
}
