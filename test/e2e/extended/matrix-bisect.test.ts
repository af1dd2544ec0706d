import { expect, test } from "vitest";
import { openSharedCacheStore } from "../../support/machines/machine.ts";
import { leftoversIn, nothingLeft } from "../../support/machines/tsmachine-leftovers.ts";

test("`matrix bisect` finds the first kernel whose containers see memory.peak", async () => {
  await using store = await openSharedCacheStore();
  const bisect = ["matrix", "bisect", "--kernel", "5.10..6.1", "--engine", "26.1"];
  const script = [
    "tar -c /usr/bin/busybox | docker import - tiny",
    "docker run --rm tiny /usr/bin/busybox cat /sys/fs/cgroup/memory.peak",
  ].join(" && ");
  const { stdout, exitCode, stderr } = await store.tsmachine(
    ...[...bisect, "--where", "guest", "--", "sh", "-c", script],
  );
  expect({ stdout, exitCode, stderr }).toMatchObject({ exitCode: 0 });
  expect(stdout).toContain("it works from 6.1/26.1 on; 5.10/26.1 is the last before");
  expect(await leftoversIn(store)).toEqual(nothingLeft);
});
