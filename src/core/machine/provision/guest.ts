import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeCpio } from "../../../bytes/cpio.ts";
import type { FileTree } from "../../../bytes/file-tree.ts";
import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import { openSession, type Session } from "../../../ssh/session.ts";
import type { MachineRecord } from "../../../store/record.ts";
import type { Context } from "../../context.ts";
import { sshAccessOf } from "../ssh-access.ts";

/** The guest's side of provisioning: templates/provision/install, run as root over SSH. */
export interface Guest extends AsyncDisposable {
  /**
   * Puts the files in place, each whole, and ends the engine, which starts again with them;
   * "unchanged": the guest had them all, and nothing was ended. Words: dockerd refuses its settings
   * with these, and nothing was changed.
   */
  install(
    files: FileTree,
    signal: AbortSignal,
  ): Promise<"changed" | "unchanged" | { words: string }>;
  /** Ends when the engine has ended again and again, with its last words. */
  watch(limits: { timeoutMs: number; signal: AbortSignal }): Promise<string>;
  /** Puts the files back that `install` took the place of. */
  restore(signal: AbortSignal): Promise<void>;
  /** Forgets those files, and ends the watch. */
  settle(signal: AbortSignal): Promise<void>;
}

const loginTimeoutMs = 30_000;
/** An engine has half a minute to stop its containers; emulation is slow. */
const commandTimeoutMs = 120_000;
/** See templates/provision/install. */
const refusedStatus = 10;

/** @throws TsmachineError those of openSession and sshAccessOf */
export async function openGuest(context: Context, record: MachineRecord): Promise<Guest> {
  const script = await readFile(join(context.templates, "provision/install"), "utf8");
  const session = await openSession({
    ...sshAccessOf(record),
    privateKeyPath: context.store.machineLayout(record.name).sshKey,
    ...{ timeoutMs: loginTimeoutMs, signal: context.signal },
  });
  const call = (words: string, options: Parameters<Session["run"]>[1]) =>
    session.run(`sudo -n sh -c ${quote(script)} install ${words}`, options);
  const must = async (words: string, options: Parameters<Session["run"]>[1]) => {
    const { stdout, stderr, exitCode } = await call(words, {
      timeoutMs: commandTimeoutMs,
      ...options,
    });
    if (exitCode === 0 || exitCode === refusedStatus) return { exitCode, text: stdout.trim() };
    throw new TsmachineError(
      "PROGRAM_FAILED",
      `machine "${record.name}" cannot be provisioned: ${lastLine(stderr)}`,
      { hints: [`restart it with \`tsmachine restart ${record.name}\``], context: { stderr } },
    );
  };
  return {
    async install(files, signal) {
      const input = await bytesOf(writeCpio(files));
      const { exitCode, text } = await must("install", { input, signal });
      if (exitCode === refusedStatus) return { words: text };
      return text === "unchanged" ? "unchanged" : "changed";
    },
    watch: async (limits) => (await must("watch", limits)).text,
    restore: async (signal) => void (await must("restore", { signal })),
    settle: async (signal) => void (await must("settle", { signal })),
    [Symbol.asyncDispose]: () => session.close(),
  };
}

/** A word of sh(1) that stands for itself. */
function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

async function bytesOf(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all);
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}
