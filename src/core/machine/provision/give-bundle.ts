import type { Bundle } from "../../../certs/bundle.ts";
import type { AuthorityFiles } from "../../../store/authority.ts";
import type { Context } from "../../context.ts";
import type { BootLimits } from "../boot.ts";
import type { OpenMachine } from "../open-machine.ts";
import { bundleFiles } from "./guest-files.ts";
import { installInGuest } from "./install-in-guest.ts";

export interface GivenBundle extends BootLimits {
  readonly bundle: Bundle;
  /** Whose the bundle is, with the clients' bundle that fits it. */
  readonly authorityFiles: AuthorityFiles;
  readonly title: string;
}

/**
 * Gives a machine that runs a server bundle, by a restart of its engine; it is stored once the engine
 * has answered with it.
 * @throws TsmachineError those of installInGuest
 */
export async function giveBundle(
  context: Context,
  machine: OpenMachine,
  { bundle, authorityFiles, bootTimeoutMs, title }: GivenBundle,
): Promise<void> {
  const { name } = machine.record;
  const { store } = context;
  const { ca, certificate, key } = authorityFiles;
  // The client's bundle comes first: the engine is asked with it before this ends.
  await store.writeMachineFiles(name, { ca, certificate, key });
  await installInGuest(context, machine, { files: bundleFiles(bundle), title, bootTimeoutMs });
  await store.writeMachineFiles(name, {
    serverCertificate: bundle.certificate,
    serverKey: bundle.key,
  });
}
