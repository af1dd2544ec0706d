import { cp, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { argv, cwd, stderr, stdout } from "node:process";
import { runScript } from "../../scripts/run-script.ts";
import { readTextIfPresent, writeFileAtomic } from "../../src/host/files/files.ts";
import { buildImages } from "../e2e-kernels/build-images.ts";
import { provideDockerCli } from "../support/machines/docker-cli.ts";
import { openTestStore } from "../support/machines/tsmachine.ts";
import { insideFolder, insideProgram } from "./places.ts";
import { openRig } from "./rig.ts";

/** npm runs it in the package's folder. */
const packageFolder = cwd();
const resultsFolder = join(packageFolder, "bench-results");

await runScript("e2e:virtualbox", async (signal) => {
  const rig = await openRig({ packageFolder, folder: argv[2], signal });
  const cacheDirectory = join(packageFolder, "node_modules/.cache/tsmachine");
  const stage = join(packageFolder, insideFolder);
  await rm(stage, { recursive: true, force: true });
  for (const folder of [resultsFolder, cacheDirectory, stage]) {
    await mkdir(folder, { recursive: true });
  }
  await using store = await openTestStore({ cacheDirectory, packageFolder });
  const { boot, engine } = await buildImages(store, ["--kernel", "full"]);
  await cp(await provideDockerCli(cacheDirectory), join(stage, "docker"), { dereference: true });
  const exitStatus = await rig.run(["node", join(packageFolder, insideProgram)], signal);
  const report = await readTextIfPresent(join(stage, "report.json"));
  if (report === undefined) {
    stderr.write("e2e:virtualbox: the rig gave no result\n");
    return 1;
  }
  const path = join(resultsFolder, "virtualbox.json");
  const result = {
    measuredAt: new Date().toISOString(),
    rig: rig.versions,
    images: { kernel: boot.version, engine: engine.version },
    ...JSON.parse(report),
  };
  await writeFileAtomic(path, `${JSON.stringify(result, undefined, 2)}\n`, { mode: 0o644 });
  stdout.write(`e2e:virtualbox: wrote ${path}\n`);
  return exitStatus;
});
