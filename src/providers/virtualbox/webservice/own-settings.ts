import { createHash } from "node:crypto";
import { messageOf } from "../../../errors/message-of.ts";
import type { VBoxManage } from "../vboxmanage/call.ts";
import { parseNotes } from "../vboxmanage/lists.ts";
import type { VirtualBoxWorld } from "../world.ts";
import type { Credentials } from "./address.ts";

/** Which authentication the user has chosen for web services, kept while it is another. */
const formerKey = "tsmachine/websrvauthlibrary";

/** Where VBoxAuthSimple looks for users: VirtualBox manual, "VirtualBox Remote Desktop Authentication". */
const usersKey = "VBoxAuthSimple/users/";

interface Settings {
  readonly call: (signal: AbortSignal) => VBoxManage["call"];
  readonly world: VirtualBoxWorld;
  readonly signal: AbortSignal;
}

/**
 * Runs `action`, which is to start the service and log on, while VirtualBox's settings let this user in.
 * There is no way that leaves them alone: vboxwebsrv's own arguments are written there too, and
 * VBoxAuthSimple has its users nowhere else. Both are read at the first logon, so that they are as before
 * when this returns; what a killed command has left is put right by the next. To be called under the
 * shared lock.
 * @param undo ends what `action` has come to, where the settings could not be restored
 */
export async function withOwnUser<T>(
  { user, password }: Credentials,
  { call, world, signal }: Settings,
  { action, undo }: { action(): Promise<T>; undo(result: T): Promise<void> },
): Promise<T> {
  const restore = () => restoreSettings(call(AbortSignal.timeout(60_000 * world.patience)));
  await restore();
  let result: T;
  try {
    await note(call(signal), formerKey, await authenticationOf(call(signal)));
    // Others may see the arguments of programs: the hash of 256 random bits tells nobody the password.
    const hash = createHash("sha256").update(password).digest("hex");
    await note(call(signal), `${usersKey}${user}`, hash);
    // Not by vboxwebsrv's --authentication, which writes it into the settings again when it ends.
    await call(signal)(["setproperty", "websrvauthlibrary", "VBoxAuthSimple"]);
    result = await action();
  } catch (error) {
    await restore().catch((undoError: unknown) => {
      throw new Error(`VirtualBox's settings could not be restored: ${messageOf(undoError)}`, {
        cause: error,
      });
    });
    throw error;
  }
  try {
    await restore();
  } catch (error) {
    await undo(result);
    throw error;
  }
  return result;
}

/** Of `list systemproperties`, "Webservice auth. library:        VBoxAuth". */
async function authenticationOf(call: VBoxManage["call"]): Promise<string> {
  const text = await call(["list", "systemproperties"]);
  const [, library] = /^Webservice auth\. library:\s*(.*?)\s*$/m.exec(text) ?? [];
  if (library === undefined)
    throw new Error("VBoxManage does not tell the web service's authentication");
  return library;
}

async function restoreSettings(call: VBoxManage["call"]): Promise<void> {
  const notes = parseNotes(await call(["getextradata", "global", "enumerate"]));
  const former = notes.get(formerKey);
  if (former === undefined) return;
  await call(["setproperty", "websrvauthlibrary", former === standard ? "default" : former]);
  const users = [...notes.keys()].filter((key) => key.startsWith(`${usersKey}tsmachine-`));
  for (const key of users) await call(["setextradata", "global", key]);
  await call(["setextradata", "global", formerKey]);
}

/** What VirtualBox has unless the user has chosen. */
const standard = "VBoxAuth";

async function note(call: VBoxManage["call"], key: string, value: string): Promise<void> {
  await call(["setextradata", "global", key, value]);
}
