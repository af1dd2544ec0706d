// What the run in the rig calls, in the environment of a user of the rig.
import { join } from "node:path";
import { stderr } from "node:process";
import { messageOf } from "../../src/errors/message-of.ts";
import { type RunResult, run } from "../../src/host/processes/run.ts";
import { insideFolder, packageInRig } from "./places.ts";

export const stage = join(packageInRig, insideFolder);
export const storePath = "/root/store";

/** Everything takes 10 to 100 times as long as on hardware. */
const environment = {
  HOME: "/root",
  USER: "root",
  LOGNAME: "root",
  SHELL: "/bin/bash",
  PATH: `${join(packageInRig, "bin")}:${stage}:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin`,
  TSMACHINE_STORAGE_PATH: storePath,
  TSMACHINE_BOOT_TIMEOUT: "1800",
  TSMACHINE_PATIENCE: "10",
};

/** What a script of sh(1) prints; anything but success is an error. */
export async function sh(script: string): Promise<string> {
  const result: RunResult = await run("/bin/sh", ["-c", script], {
    ...{ environment, acceptExitCodes: "all", timeoutMs: 75 * 60_000 },
  });
  if (result.exitCode !== 0) {
    throw new Error(`${script}: ended with ${result.exitCode}: ${result.stderr.trim()}`);
  }
  return result.stdout.trim();
}

const boots = 5;

/**
 * Boots a machine by this command, again if it fails: a boot may end in a triple fault here and not on hardware, since
 * AMD-V is emulated too. What went wrong is printed.
 */
export async function boot(command: string): Promise<void> {
  for (let left = boots - 1; ; left -= 1) {
    try {
      await sh(command);
      return;
    } catch (error) {
      if (left === 0 || !messageOf(error).includes("[MACHINE_FAILED]")) throw error;
      stderr.write(`${messageOf(error)}; trying again\n`);
    }
  }
}

/**
 * Does something with the only machine, which runs; when the emulation has lost it meanwhile, again after another boot. Any
 * other failure is thrown.
 */
export async function onMachine<T>(action: () => Promise<T>): Promise<T> {
  for (let left = boots - 1; ; left -= 1) {
    try {
      return await action();
    } catch (error) {
      const loss = await describeLoss().catch(() => undefined);
      if (left === 0 || loss === undefined) throw error;
      stderr.write(`${messageOf(error)}\n${loss}; trying again\n`);
      await boot("tsmachine start default");
    }
  }
}

/** What VirtualBox has logged of a machine whose processor got stuck; undefined of any other. */
async function describeLoss(): Promise<string | undefined> {
  const [, uuid = ""] = /\{(.+)\}/.exec(await sh("VBoxManage list vms")) ?? [];
  const log = await sh(
    `VBoxManage showvminfo ${uuid} --log 0 | grep -F "to 'GURU_MEDITATION'" || true`,
  );
  return log === "" ? undefined : `VirtualBox: ${log}`;
}
