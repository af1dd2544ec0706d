// The typed seam to virtualbox-soap 5 and to soap, which it is built on.
import { createRequire } from "node:module";
import { join } from "node:path";
import type { IHttpClient, SoapMethod } from "soap";
import * as z from "zod";
import type { Medium, Session, SessionManager, VirtualBox } from "./api.ts";

/** One call by the WSDL: its arguments by name, and what came back. */
export type Invoke = (method: string, args: unknown) => Promise<unknown>;

export interface SoapPackage {
  /** Calls the method once, by what `send` answers to its envelope. */
  invoke(method: string, args: unknown, send: Send): Promise<unknown>;
  sessionManager(invoke: Invoke): SessionManager;
  virtualBox(invoke: Invoke, reference: string): VirtualBox;
  medium(invoke: Invoke, reference: string): Medium;
  session(invoke: Invoke, reference: string): Session;
}

type Send = (envelope: string) => Promise<string>;

const clientSchema = z.object({
  vboxService: z.object({
    vboxServicePort: z.custom<Readonly<Record<string, SoapMethod>>>(
      (port) => port instanceof Object,
    ),
  }),
});

/**
 * Loads the package and its WSDL of VirtualBox 7.0: seconds, and 100 MB of memory. Its own `connect` is
 * not used, for what that makes cannot be cancelled and sends passwords for 127.0.0.1 to the proxy in
 * HTTP_PROXY.
 */
export async function loadPackage(): Promise<SoapPackage> {
  const [{ default: soap }, { default: classes }] = await Promise.all([
    import("soap"),
    import("virtualbox-soap"),
  ]);
  const wsdl = createRequire(join(import.meta.dirname, "virtualbox")).resolve(
    "virtualbox-soap/sdk-files/vboxwebService.wsdl",
  );
  const client = await soap.createClientAsync(wsdl, { httpClient });
  const { vboxServicePort: methods } = clientSchema.parse(client).vboxService;
  return {
    invoke(method, args, send) {
      const call = methods[method];
      if (call === undefined) throw new Error(`virtualbox-soap does not know ${method}`);
      return new Promise((resolve, reject) => {
        const done = (error: unknown, result: unknown) => (error ? reject(error) : resolve(result));
        call(args, done, { send });
      });
    },
    sessionManager: (invoke) => new classes.IWebsessionManager(portOf(invoke)),
    virtualBox: (invoke, reference) => new classes.IVirtualBox(portOf(invoke), reference),
    medium: (invoke, reference) => new classes.IMedium(portOf(invoke), reference),
    session: (invoke, reference) => new classes.ISession(portOf(invoke), reference),
  };
}

/** What the package's objects take for a client of soap's: a function for every method. */
function portOf(invoke: Invoke): object {
  return new Proxy(
    {},
    {
      get: (_, method) => (args: unknown, done: (error: unknown, result?: unknown) => void) => {
        invoke(String(method), args).then((result) => done(undefined, result), done);
      },
    },
  );
}

/** In place of soap's own, which is axios. It is told in the options of each call how to send it. */
const httpClient: IHttpClient = {
  request(_url, envelope, callback, _headers, options) {
    const { send } = optionsSchema.parse(options);
    return send(String(envelope)).then(
      (answer) => callback(undefined, { status: 200 }, answer),
      (error: unknown) => callback(error),
    );
  },
};

const optionsSchema = z.object({
  send: z.custom<Send>((send) => typeof send === "function"),
});

const referenceSchema = z.object({ __object: z.string() });

/** How the service calls this object. */
export function referenceOf(object: object): string {
  return referenceSchema.parse(object).__object;
}
