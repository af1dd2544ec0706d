import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import { onceReady } from "../retry.ts";
import type { VirtualBoxWorld } from "../world.ts";
import type { Medium, Session, VirtualBox } from "./api.ts";
import { envelopeFor, type HandArguments, returnedBy } from "./by-hand.ts";
import { wordless } from "./fault.ts";
import { openLine } from "./line.ts";
import { type Invoke, referenceOf, type SoapPackage } from "./package.ts";

export interface ServiceAddress {
  readonly url: string;
  readonly user: string;
  readonly password: string;
}

/** A session with a web service: somebody is logged on. */
export interface Connection {
  client(signal: AbortSignal): Client;
  /** Logs off. Locks of machines would outlast it: they are released by whoever took them. */
  close(): Promise<void>;
}

/** VirtualBox through the session. Every call ends when the signal is aborted. */
export interface Client {
  readonly signal: AbortSignal;
  readonly patience: number;
  readonly virtualBox: VirtualBox;
  medium(reference: string): Medium;
  session(reference: string): Session;
  newSession(): Promise<Session>;
  /** A call that the WSDL of 7.0 does not know; the string that it gives back. */
  callByHand(method: string, args: HandArguments): Promise<string | undefined>;
  /** The same for what must go on although the user has cancelled the rest. */
  unhurried(): Client;
}

const callMs = 60_000;

/**
 * Logs on.
 * @throws TsmachineError VIRTUALBOX_FAILED when the service is silent or refuses user and password.
 */
export async function connect(
  { url, user, password }: ServiceAddress,
  loaded: SoapPackage,
  { patience, signal }: Pick<VirtualBoxWorld, "patience"> & { readonly signal: AbortSignal },
): Promise<Connection> {
  const line = openLine(url);
  const timeoutMs = callMs * patience;
  const sendUntil = (limit: AbortSignal) => (method: string, envelope: string) =>
    line.send(envelope, { method, signal: limit, timeoutMs });
  const invokeUntil =
    (limit: AbortSignal): Invoke =>
    (method, args) => {
      const send = (envelope: string) => sendUntil(limit)(method, envelope);
      // An answer without elements is null, in which the package's classes would look for one.
      const attempt = async () => (await loaded.invoke(method, args, send)) ?? {};
      return onceReady(attempt, { patience, signal: limit, isRepeatable: false });
    };
  const reference = await logOn();
  const clientUntil = (limit: AbortSignal): Client => {
    const invoke = invokeUntil(limit);
    const virtualBox = loaded.virtualBox(invoke, reference);
    return {
      ...{ signal: limit, patience, virtualBox },
      medium: (one) => loaded.medium(invoke, one),
      session: (one) => loaded.session(invoke, one),
      newSession: () => loaded.sessionManager(invoke).getSessionObject(virtualBox),
      async callByHand(method, args) {
        const attempt = () => sendUntil(limit)(method, envelopeFor(method, args));
        const trial = { patience, signal: limit, isRepeatable: false };
        return returnedBy(await onceReady(attempt, trial));
      },
      unhurried: () => clientUntil(AbortSignal.timeout(timeoutMs)),
    };
  };
  return {
    client: clientUntil,
    async close() {
      const invoke = invokeUntil(AbortSignal.timeout(10_000 * patience));
      try {
        await loaded.sessionManager(invoke).logoff(loaded.virtualBox(invoke, reference));
      } finally {
        line.close();
      }
    },
  };

  async function logOn(): Promise<string> {
    try {
      const virtualBox = await loaded.sessionManager(invokeUntil(signal)).logon(user, password);
      if (virtualBox !== null) return referenceOf(virtualBox);
      throw refused(url);
    } catch (error) {
      line.close();
      const isRefused = error instanceof TsmachineError && error.message.endsWith(wordless);
      throw isRefused ? refused(url) : error;
    }
  }
}

function refused(url: string): TsmachineError {
  return new TsmachineError(
    "VIRTUALBOX_FAILED",
    `VirtualBox's web service at ${url} refuses this user and password`,
    {
      hints: [
        "set VIRTUALBOX_WEBSERVICE_USER and VIRTUALBOX_WEBSERVICE_PASSWORD to a user of that host, or to what `vboxwebsrv --authentication` was given",
      ],
    },
  );
}
