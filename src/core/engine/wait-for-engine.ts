import type { X509Certificate } from "node:crypto";
import { sleep } from "../../host/sleep.ts";
import { type EngineAddress, pingEngine } from "./ask-engine.ts";
import { type Rise, waitWhileUp } from "./wait-while-up.ts";

export interface EngineWait extends Rise {
  readonly address: EngineAddress;
}

const pingEveryMs = 200;
/** Of the time waited so far: an answer after minutes need not be noticed within a moment. */
const pingPause = 1 / 50;
const pingTimeoutMs = 4_000;
const pingsAtOnce = 8;

/**
 * Waits until the engine answers over TLS; gives back the certificate that it has shown.
 *
 * Pings overlap: a forward accepts connections before anybody listens behind it, and such a
 * connection may hang for seconds after the engine has come up.
 * @throws those of waitWhileUp
 */
export function waitForEngine(wait: EngineWait): Promise<X509Certificate> {
  return waitWhileUp(wait, {
    come: (signal) => pingUntilAnswered(wait.address, signal),
    event: "its engine answered",
    lateness: `the engine of machine "${wait.machine}" did not answer`,
  });
}

async function pingUntilAnswered(
  address: EngineAddress,
  signal: AbortSignal,
): Promise<X509Certificate> {
  const { promise, resolve, reject } = withResolvers<X509Certificate>();
  const begun = performance.now();
  let underway = 0;
  const ping = async () => {
    const certificate = await pingEngine(address, { timeoutMs: pingTimeoutMs, signal });
    if (certificate !== undefined) resolve(certificate);
    underway -= 1;
  };
  const pingOnAndOn = async () => {
    for (;;) {
      await sleep(Math.max(pingEveryMs, (performance.now() - begun) * pingPause), signal);
      if (underway >= pingsAtOnce) continue;
      underway += 1;
      ping().catch(reject);
    }
  };
  pingOnAndOn().catch(reject);
  return promise;
}

/** Promise.withResolvers, which Node has from version 22 on. */
function withResolvers<T>() {
  let resolve = (_value: T): void => {};
  let reject = (_reason: unknown): void => {};
  const promise = new Promise<T>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}
