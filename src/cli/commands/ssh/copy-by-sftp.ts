import { type CopyOutcome, copyTree } from "../../../ssh/copy/copy-tree.ts";
import type { Files } from "../../../ssh/copy/files.ts";
import { localFiles } from "../../../ssh/copy/local-files.ts";
import { openSession, type Session } from "../../../ssh/session.ts";
import type { Cli } from "../../cli.ts";
import { lateStep } from "../../tasks/late-step.ts";
import type { Copy } from "./copy-by-program.ts";
import type { Location } from "./location.ts";
import { loginTimeoutMs, targetFor } from "./targets.ts";

/** Copies with our own client; between two machines through this host. */
export async function copyBySftp(cli: Cli, copy: Copy): Promise<CopyOutcome> {
  const { from, to, recursive, progress } = copy;
  await using source = await openEnd(cli, from, copy);
  await using target = await openEnd(cli, to, copy);
  const request = {
    ...{ from: source.files, fromPath: from.path },
    ...{ to: target.files, toPath: to.path, recursive },
  };
  // Requests that wait fail as soon as the connection is closed.
  const hangUp = () => void Promise.all([source.session?.close(), target.session?.close()]);
  cli.signal.addEventListener("abort", hangUp, { once: true });
  try {
    return await cli.withContext(
      (context) =>
        lateStep(context.progress, `Copying ${from.path}`, (onBytes) => copyTree(request, onBytes)),
      { progress },
    );
  } catch (error) {
    cli.signal.throwIfAborted();
    throw error;
  } finally {
    cli.signal.removeEventListener("abort", hangUp);
  }
}

interface End extends AsyncDisposable {
  readonly files: Files;
  readonly session: Session | undefined;
}

async function openEnd(cli: Cli, location: Location, { targets }: Copy): Promise<End> {
  if (location.kind === "local") {
    return { files: localFiles, session: undefined, [Symbol.asyncDispose]: async () => {} };
  }
  const target = targetFor(location, targets);
  const session = await openSession({ ...target, timeoutMs: loginTimeoutMs, signal: cli.signal });
  try {
    const files = await session.files(location.machine);
    return { files, session, [Symbol.asyncDispose]: () => session.close() };
  } catch (error) {
    await session.close();
    throw error;
  }
}
