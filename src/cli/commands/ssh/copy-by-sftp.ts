import { type CopyOutcome, copyTree } from "../../../ssh/copy/copy-tree.ts";
import type { Files } from "../../../ssh/copy/files.ts";
import { localFiles } from "../../../ssh/copy/local-files.ts";
import { openSession } from "../../../ssh/session.ts";
import type { Cli } from "../../cli.ts";
import { lateStep } from "../../tasks/late-step.ts";
import type { Copy } from "./copy-by-program.ts";
import type { Location } from "./location.ts";
import { loginTimeoutMs, targetFor } from "./targets.ts";

/** Copies with our own client; between two machines through this host. */
export async function copyBySftp(cli: Cli, copy: Copy): Promise<CopyOutcome> {
  try {
    return await copyBetweenEnds(cli, copy);
  } catch (error) {
    // A connection that was hung up because of it has an error of its own.
    cli.signal.throwIfAborted();
    throw error;
  }
}

async function copyBetweenEnds(cli: Cli, copy: Copy): Promise<CopyOutcome> {
  const { from, to, recursive, progress } = copy;
  await using source = await openEnd(cli, from, copy);
  await using target = await openEnd(cli, to, copy);
  const request = {
    ...{ from: source.files, fromPath: from.path },
    ...{ to: target.files, toPath: to.path, recursive },
  };
  return await cli.withContext(
    (context) =>
      lateStep(context.progress, `Copying ${from.path}`, (onBytes) => copyTree(request, onBytes)),
    { progress },
  );
}

interface End extends AsyncDisposable {
  readonly files: Files;
}

async function openEnd(cli: Cli, location: Location, { targets }: Copy): Promise<End> {
  if (location.kind === "local") {
    return { files: localFiles, [Symbol.asyncDispose]: async () => {} };
  }
  const { signal } = cli;
  const target = targetFor(location, targets);
  const session = await openSession({ ...target, timeoutMs: loginTimeoutMs, signal });
  // Requests that wait fail as soon as the connection is closed.
  const hangUp = () => void session.close();
  signal.addEventListener("abort", hangUp, { once: true });
  const close = () => {
    signal.removeEventListener("abort", hangUp);
    return session.close();
  };
  try {
    signal.throwIfAborted();
    return { files: await session.files(location.machine), [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}
