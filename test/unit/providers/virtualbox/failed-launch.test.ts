import { utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { TsmachineError } from "../../../../src/errors/tsmachine-error.ts";
import { explainFailedLaunch } from "../../../../src/providers/virtualbox/preflight/failed-launch.ts";
import {
  type VirtualBoxWorld,
  virtualBoxFiles,
} from "../../../../src/providers/virtualbox/world.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";

const failure = new TsmachineError("VIRTUALBOX_FAILED", "VirtualBox refuses: it has terminated");
const fullDisk = "00:00:01.234 ERROR [COM]: VD: write failed (VERR_DISK_FULL)\n";

/** A host without VirtualBox, so that only logs can tell of another cause. */
const world: VirtualBoxWorld = {
  ...{ platform: "linux", architecture: "amd64", isRoot: false, home: "/", patience: 1 },
  ...{ environment: { PATH: "" }, settingsFolder: "/", readInterfaces: () => [] },
  isUsedByOthers: async () => false,
  files: virtualBoxFiles,
  readResources: async () => {
    throw new Error("nobody asks for them");
  },
};

async function explained(loggedAgoMs: number) {
  const logFolder = await temporaryDirectory();
  const path = join(logFolder, "VBox.log");
  await writeFile(path, fullDisk);
  const begun = Date.now();
  const logged = new Date(begun - loggedAgoMs);
  await utimes(path, logged, logged);
  return explainFailedLaunch(failure, { logFolder, begun }, world);
}

test("the cause is in what this launch has logged", async () => {
  expect(await explained(0)).toMatchObject({
    ...{ code: "HOST_UNSUPPORTED", message: expect.stringMatching(/disk is full/) },
  });
});

test("what an earlier launch has logged is no cause of this one", async () => {
  const error = await explained(60_000);
  expect(error).toMatchObject({ message: expect.not.stringMatching(/disk is full/) });
});
