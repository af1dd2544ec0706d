import { join } from "node:path";
import { expect, test } from "vitest";
import { run } from "../../../src/host/processes/run.ts";
import { startFileServer } from "../../support/debian/server.ts";
import { bundleProgram } from "../../support/run-typescript.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

// A file system of 64 KiB, which only the program itself and nobody else sees.
const onTinyDisk = 'mount -t tmpfs -o size=64k none "$1" && shift && exec "$@"';
const namespace = ["--user", "--map-root-user", "--mount"];
const allowed = await run("unshare", [...namespace, "mount", "-t", "tmpfs", "none", "/mnt"]).then(
  () => true,
  () => false,
);

test.skipIf(!allowed)("download reports a full disk as DISK_FULL", async () => {
  const directory = await temporaryDirectory();
  await using program = await bundleProgram(
    new URL("./programs/download-into.ts", import.meta.url),
  );
  const { uri } = await startFileServer(
    new Map([
      ["small", Buffer.alloc(1 << 10)],
      ["large", Buffer.alloc(1 << 20)],
    ]),
  );
  const outcomes = [];
  for (const name of ["small", "large"]) {
    const command = [process.execPath, program.path, `${uri}/${name}`, join(directory, name)];
    const args = [...namespace, "sh", "-c", onTinyDisk, "sh", directory, ...command];
    outcomes.push((await run("unshare", args)).stdout);
  }
  expect(outcomes).toEqual(["stored", "DISK_FULL"]);
});
