import { join } from "node:path";
import { expect, test } from "vitest";
import { run } from "../../../src/host/processes/run.ts";
import { reachableMirror } from "../../support/debian/live-mirror.ts";
import { fetchDockerCli } from "../../support/machines/docker-cli.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const mirror = await reachableMirror();

test.skipIf(mirror === undefined)(
  "a docker CLI that runs on this host comes from Debian's verified packages",
  async () => {
    const directory = await temporaryDirectory();
    const program = await fetchDockerCli({ cacheDirectory: join(directory, "cache"), directory });
    const { stdout } = await run(program, ["--version"]);
    expect(stdout).toMatch(/^Docker version \d+\.\d+\.\d+/);
  },
);
