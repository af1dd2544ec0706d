import { bundleProblem } from "../../certs/bundle-problem.ts";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import { urlHost } from "../../host/url-host.ts";
import type { Capabilities } from "../../providers/provider.ts";
import type { MachineRecord } from "../../store/record.ts";
import { type Context, findProvider } from "../context.ts";
import type { EngineAddress } from "../engine/ask-engine.ts";
import { howToFind } from "../machine/endpoint/require-unmoved.ts";
import { openRunning } from "../machine/look.ts";
import { engineAddressOf } from "../machine/open-machine.ts";
import { checkTls } from "./check-tls.ts";

/** A machine that is busy answers late, one that hangs never. */
const timeoutMs = 5_000;

/**
 * The machine's record, once its engine has shaken hands over TLS. One question settles both whether
 * the machine runs and whether docker clients will be let in; the provider is asked only where the
 * answer is no, to tell a machine that is off from one whose certificates are wrong.
 * @throws TsmachineError MACHINE_NOT_RUNNING, ENDPOINT_CHANGED, TLS_CHECK_FAILED; those of
 *   Store.readMachine and engineAddressOf
 */
export async function openReachable(context: Context, name: string): Promise<MachineRecord> {
  const record = await context.store.readMachine(name);
  if (record.phase !== "ready") return (await openRunning(context, name)).record;
  const address = await engineAddressOf(context, record);
  const problem =
    bundleProblem(address.bundle, context.now()) ?? (await serverProblem(context, record, address));
  if (problem === undefined) return record;
  const { capabilities } = await findProvider(context, record.provider.id);
  await openRunning(context, name);
  const { directory } = context.store.machineLayout(name);
  const hint = capabilities.ownsInstance
    ? hintFor(name, { problem, capabilities })
    : hintForAdopted(directory);
  throw tlsCheckFailed(address.endpoint, { name, problem, hint });
}

async function serverProblem(
  context: Context,
  { name, provider }: MachineRecord,
  address: EngineAddress,
): Promise<string | undefined> {
  const { patience, signal } = context;
  const check = { ...address, timeoutMs: timeoutMs * patience, signal };
  // By its name: the port may be another machine's by now, whose certificate is good for the address.
  const problem = await checkTls({ ...check, names: [name] });
  if (problem === undefined) return undefined;
  if (unanswered.test(problem)) return problem;
  // The certificate of a host that is only adopted may know nothing of the name.
  const { ownsInstance } = (await findProvider(context, provider.id)).capabilities;
  return ownsInstance ? problem : checkTls({ ...check, names: [] });
}

/** QEMU accepts a connection for its guest, and drops it when nobody listens there. */
const unanswered =
  /ECONNREFUSED|ECONNRESET|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|socket disconnected|no answer within/;

function hintFor(
  name: string,
  { problem, capabilities }: { readonly problem: string; readonly capabilities: Capabilities },
): string {
  const isUnanswered = unanswered.test(problem);
  if (isUnanswered && capabilities.dynamicEndpoint) return howToFind(name);
  return isUnanswered
    ? `start its engine anew with \`tsmachine restart ${name}\``
    : `renew the certificates with \`tsmachine regenerate-certs ${name}\`, which restarts the engine`;
}

/** Certificates of such a host's engine are nothing that tsmachine made. */
function hintForAdopted(directory: string): string {
  return `check on the host that its engine runs, and that it accepts ca.pem, cert.pem and key.pem of ${directory}`;
}

/** In docker-machine's words. */
function tlsCheckFailed(
  { address, dockerPort }: { readonly address: string; readonly dockerPort: number },
  { name, problem, hint }: Record<"name" | "problem" | "hint", string>,
): TsmachineError {
  const host = `${urlHost(address)}:${dockerPort}`;
  return new TsmachineError(
    "TLS_CHECK_FAILED",
    "Error checking and/or regenerating the certs: " +
      `There was an error validating certificates for host "${host}": ${problem}`,
    {
      hints: [hint],
      context: { name, host, problem },
    },
  );
}
