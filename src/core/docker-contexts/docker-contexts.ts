import { messageOf } from "../../errors/message-of.ts";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import { contextNameFor } from "../../store/docker-contexts/context-name.ts";
import { readCurrentContext, useContext } from "../../store/docker-contexts/current-context.ts";
import {
  hasDockerContext,
  machineOfContext,
  ownsDockerContext,
  removeDockerContext,
  writeDockerContext,
} from "../../store/docker-contexts/docker-context.ts";
import type { MachineRecord } from "../../store/record.ts";
import type { Context } from "../context.ts";
import { engineUrl } from "../machine/look.ts";
import { engineAddressOf } from "../machine/open-machine.ts";

/**
 * The name that a new machine is to be registered under in the store of docker's CLI; undefined, with
 * a warning, when something else has that name.
 */
export async function planDockerContext(
  context: Context,
  machineName: string,
): Promise<string | undefined> {
  const owner = ownerOf(context, machineName);
  const isFree =
    (await ownsDockerContext(context.dockerConfig, owner)) ||
    !(await hasDockerContext(context.dockerConfig, owner.name));
  if (isFree) return owner.name;
  context.warn(
    `docker context "${owner.name}" exists already, so machine "${machineName}" is not registered as one`,
  );
  return undefined;
}

/**
 * Brings the machine's docker context up to date with its address and certificates. A machine works
 * without one: what goes wrong is a warning.
 * @returns whether it has one that is up to date
 */
export async function publishDockerContext(
  context: Context,
  record: MachineRecord,
): Promise<boolean> {
  const { name, dockerContext } = record;
  if (dockerContext === undefined) return false;
  try {
    const { bundle } = await engineAddressOf(context, record);
    await writeDockerContext(context.dockerConfig, {
      ...{ name: dockerContext, machineName: name, storeRoot: context.store.layout.root },
      ...{ host: engineUrl(record), ...bundle },
    });
    return true;
  } catch (error) {
    context.warn(`docker context "${dockerContext}" is not up to date: ${messageOf(error)}`);
    return false;
  }
}

/** Removes the machine's docker context, if it has one; docker's own is current again if it was. */
export async function withdrawDockerContext(context: Context, machineName: string): Promise<void> {
  const { dockerConfig } = context;
  const owner = ownerOf(context, machineName);
  try {
    const isOurs = await ownsDockerContext(dockerConfig, owner);
    if (isOurs && (await readCurrentContext(dockerConfig)) === owner.name) {
      await useContext(dockerConfig, undefined);
    }
    await removeDockerContext(dockerConfig, owner);
  } catch (error) {
    context.warn(`docker context "${owner.name}" could not be removed: ${messageOf(error)}`);
  }
}

/**
 * Makes the machine's context the one that docker's CLI uses, and gives its name back.
 * @throws TsmachineError CONTEXT_MISSING when the machine has none; those of useContext.
 */
export async function useDockerContext(context: Context, record: MachineRecord): Promise<string> {
  await publishDockerContext(context, record);
  const owner = ownerOf(context, record.name);
  if (!(await ownsDockerContext(context.dockerConfig, owner))) throw contextMissing(record.name);
  await useContext(context.dockerConfig, owner.name);
  return owner.name;
}

/**
 * Makes docker's own context the one that docker's CLI uses, where a machine's is; gives back the name
 * of the one that it uses then. A context that is no machine's of this store stays the current one.
 * @throws TsmachineError CONFIG_INVALID
 */
export async function leaveDockerContext({ dockerConfig, store }: Context): Promise<string> {
  const name = await readCurrentContext(dockerConfig);
  if (name === undefined) return ownContext;
  const machine = await machineOfContext(dockerConfig, { name, storeRoot: store.layout.root });
  if (machine === undefined) return name;
  await useContext(dockerConfig, undefined);
  return ownContext;
}

/** docker's name for the context that it has without any being made. */
const ownContext = "default";

function ownerOf({ store }: Context, machineName: string) {
  return { name: contextNameFor(machineName), machineName, storeRoot: store.layout.root };
}

function contextMissing(name: string): TsmachineError {
  return new TsmachineError("CONTEXT_MISSING", `machine "${name}" has no docker context`, {
    hints: [`point docker at it with \`eval "$(tsmachine env ${name})"\``],
    context: { name },
  });
}
