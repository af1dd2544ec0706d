import type { MachineRecord } from "../../../store/record.ts";
import { type Context, operationFor } from "../../context.ts";
import { publishDockerContext } from "../../docker-contexts/docker-contexts.ts";
import { type EngineOptions, noEngineOptions } from "../../engine/daemon-configuration.ts";
import { restoreImages } from "../../images/images.ts";
import { trustedAuthorities } from "../../trust/trusted-authorities.ts";
import { type BootLimits, bootMachine } from "../boot.ts";
import { addressToCertify } from "../endpoint/dynamic.ts";
import { refreshIfDynamic } from "../endpoint/refresh-endpoint.ts";
import { engineSetup, warnOfOtherDriver } from "../engine-setup.ts";
import { authorityFor } from "../given-authority.ts";
import { serverBundleFor } from "../identity.ts";
import { isOff } from "../is-off.ts";
import { settled } from "../journal.ts";
import { type OpenMachine, openMachine } from "../open-machine.ts";
import { requireAwake } from "../require-awake.ts";
import { requireOwned } from "../require-owned.ts";
import { requirePresent } from "../shut-down.ts";
import { settleUpgrade } from "../upgrade/settle.ts";
import { withMachineLock } from "../with-machine-lock.ts";
import { bundleFiles, setupFiles, trustFiles } from "./guest-files.ts";
import { installInGuest } from "./install-in-guest.ts";

export interface ProvisionRequest extends BootLimits {
  /** Options that take the place of those that the record has. */
  readonly changes: Partial<EngineOptions>;
  /** Certificates, as PEM, of all authorities that the engine is to trust; those it was given before unless given. */
  readonly authorities?: string | undefined;
}

/**
 * "provisioned": the machine runs, and its engine answers with these options. "stored": it is
 * switched off, and takes them at its next start.
 */
export type ProvisionOutcome = "provisioned" | "stored";

/**
 * Gives a machine the engine options, certificates and proxies that it should have, as a start would.
 * One that runs gets them at once; its engine is restarted where something differs, which stops
 * containers as a restart of the machine does. A machine whose creation has failed is started, which
 * completes it. Options are stored once the engine has answered with them.
 * @throws TsmachineError INVALID_INPUT; CAPABILITY_MISSING for a host that is only adopted; MACHINE_NOT_RUNNING for
 *   one that is suspended; those of
 *   installInGuest and bootMachine.
 */
export function provisionMachine(
  context: Context,
  name: string,
  request: ProvisionRequest,
): Promise<ProvisionOutcome> {
  return withMachineLock(context, name, async () => {
    await requireOwned(context, await context.store.readMachine(name), "provisioned");
    await settleUpgrade(context, name, request);
    const { record, instance } = await openMachine(context, name);
    const engine = { ...noEngineOptions, ...record.engine, ...request.changes };
    const changed: MachineRecord = { ...record, engine };
    await engineSetup({ ...context, warn: () => {} }, changed);
    const power = await instance.power(operationFor(context));
    requirePresent(name, power);
    requireAwake(name, power);
    await warnOfOtherDriver(context, changed);
    if (!isOff(power)) {
      // Its endpoint is stored at once, the options only when the engine has answered with them.
      const { endpoint } =
        power === "running"
          ? (await refreshIfDynamic(context, { record, instance }, request)).record
          : record;
      const located = { ...changed, ...(endpoint !== undefined && { endpoint }) };
      await provisionRunning(context, { record: located, instance }, request);
      await storeAuthorities(context, name, request);
      await context.store.writeMachine(settled(located));
      return "provisioned";
    }
    await storeAuthorities(context, name, request);
    await context.store.writeMachine(changed);
    if (record.phase !== "creating") return "stored";
    await restoreImages(context, changed);
    await bootMachine(context, name, request);
    return "provisioned";
  });
}

async function storeAuthorities(
  { store }: Context,
  name: string,
  { authorities }: ProvisionRequest,
): Promise<void> {
  if (authorities === undefined) return;
  await store.writeMachineFiles(name, { trustedAuthorities: authorities });
}

async function provisionRunning(
  context: Context,
  machine: OpenMachine,
  { authorities: asked, bootTimeoutMs }: ProvisionRequest,
): Promise<void> {
  const { record } = machine;
  const { name } = record;
  const address = await addressToCertify(context, machine);
  const files = await context.store.readMachineFiles(name);
  const authorityFiles = await authorityFor(context, record, files);
  const bundle = await serverBundleFor(context, record, { address, files, authorityFiles });
  const setup = await engineSetup(context, record);
  const given = asked ?? files.trustedAuthorities;
  const authorities = await trustedAuthorities(context, { name, given });
  // The client's bundle comes first: an engine may be asked with it before this command ends.
  const { ca, certificate, key } = authorityFiles;
  await context.store.writeMachineFiles(name, { ca, certificate, key });
  await publishDockerContext(context, record);
  await installInGuest(context, machine, {
    files: new Map([...bundleFiles(bundle), ...setupFiles(setup), ...trustFiles(authorities)]),
    title: "Setting Docker configuration on the remote daemon",
    bootTimeoutMs,
  });
  await context.store.writeMachineFiles(name, {
    serverCertificate: bundle.certificate,
    serverKey: bundle.key,
  });
}
