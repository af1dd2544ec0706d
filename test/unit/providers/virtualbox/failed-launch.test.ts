import { utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { TsmachineError } from "../../../../src/errors/tsmachine-error.ts";
import { explainFailedLaunch } from "../../../../src/providers/virtualbox/preflight/failed-launch.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";
import { bareWorld } from "../../../support/virtualbox/bare-world.ts";

const failure = new TsmachineError("VIRTUALBOX_FAILED", "VirtualBox refuses: it has terminated");
const fullDisk = "00:00:01.234 ERROR [COM]: VD: write failed (VERR_DISK_FULL)\n";

async function explained(loggedAgoMs: number) {
  const logFolder = await temporaryDirectory();
  const path = join(logFolder, "VBox.log");
  await writeFile(path, fullDisk);
  const begun = Date.now();
  const logged = new Date(begun - loggedAgoMs);
  await utimes(path, logged, logged);
  // There is no VirtualBox on it, so that only logs can tell of another cause.
  return explainFailedLaunch(failure, { logFolder, begun }, bareWorld());
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
