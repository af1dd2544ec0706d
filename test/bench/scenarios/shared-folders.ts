import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Bench, Scenario } from "../bench.ts";
import { machineName, removingMachines } from "../machines.ts";
import type { Measurement } from "../measure/measurement.ts";
import { warmDownloads } from "./build-images.ts";

/** Of the guest's own data disk, which each folder is compared with. */
const localFolder = "/mnt/data/bench";
const sharedFolder = "/shared";

const [folderCount, filesInEach, bigFileMiB] = [120, 100, 64];

/** What is timed in the guest, in the folder it is in, with nothing of it in the guest's memory. */
const works = {
  [`write ${bigFileMiB} MiB and sync`]: `dd if=/dev/zero of=big bs=1M count=${bigFileMiB} conv=fsync`,
  [`read ${bigFileMiB} MiB`]: "dd if=big of=/dev/null bs=1M",
  [`walk ${folderCount * filesInEach} files`]: "find tree -type f -size -1",
} as const;

/** The folder of this host by the back end that it has, in turns with the guest's own disk. */
export const sharedFolders: Scenario = {
  names: ["sharing"],
  async run(bench) {
    await warmDownloads(bench);
    const folder = await mkdtemp("/var/tmp/tsmachine-bench-");
    try {
      await makeTree(join(folder, "tree"));
      return await removingMachines(bench, () => measure(bench, folder));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

async function measure(bench: Bench, folder: string): Promise<Measurement[]> {
  const { product, report, runs } = bench;
  report("creating a machine with a folder of this host");
  const share = `${folder}:${sharedFolder}`;
  await product.time("create", "--share", share, machineName);
  const inGuest = (script: string) => product.read("ssh", machineName, `sudo sh -c '${script}'`);
  const mount = await inGuest(`grep " ${sharedFolder} " /proc/mounts`);
  const backEnd = mount.split(" ")[2] ?? "";
  await inGuest(`mkdir -p ${localFolder} && cp -r ${sharedFolder}/tree ${localFolder}`);
  const measurements: Measurement[] = [];
  for (const [what, command] of Object.entries(works)) {
    const [shared, local]: [number[], number[]] = [[], []];
    for (let run = 1; run <= runs; run += 1) {
      report(`${backEnd}: ${what} (${run} of ${runs})`);
      local.push(Number(await inGuest(timed(localFolder, command))));
      shared.push(Number(await inGuest(timed(sharedFolder, command))));
    }
    measurements.push({
      ...{ what: `${backEnd}: ${what}`, seconds: shared, aims: [] },
      floor: { what: "the guest's own disk", seconds: local },
    });
  }
  return measurements;
}

/** A script that prints seconds, to hundredths, by the guest's own clock. */
function timed(folder: string, command: string): string {
  return [
    `cd ${folder}`,
    "sync",
    "echo 3 >/proc/sys/vm/drop_caches",
    "read -r begun _ </proc/uptime",
    `${command} >/dev/null 2>&1`,
    "read -r ended _ </proc/uptime",
    'echo "$ended $begun" | awk "{ print \\$1 - \\$2 }"',
  ].join("; ");
}

async function makeTree(folder: string): Promise<void> {
  for (let index = 0; index < folderCount; index += 1) {
    const parent = join(folder, `folder-${index}`);
    await mkdir(parent, { recursive: true });
    const names = Array.from({ length: filesInEach }, (_, file) => join(parent, `file-${file}`));
    await Promise.all(names.map((name) => writeFile(name, "")));
  }
}
