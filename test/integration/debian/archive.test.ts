import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { run } from "../../../src/host/processes/run.ts";
import { openArchive } from "../../../src/iso/debian/archive.ts";
import { fetchPackages } from "../../../src/iso/debian/fetch-packages.ts";
import { reachableMirror } from "../../support/debian/live-mirror.ts";
import { bundleProgram } from "../../support/run-typescript.ts";

const keysDirectory = join(import.meta.dirname, "../../../templates/keys");
const engine = {
  wanted: [
    ...["docker.io", "containerd", "runc", "docker-cli", "iptables", "e2fsprogs", "sudo"],
    ...["dropbear-bin", "openssh-sftp-server", "ca-certificates", "busybox-static"],
  ],
  without: [
    ...["adduser", "debconf", "init-system-helpers", "sysvinit-utils", "openssh-client"],
    ...["openssl", "libpam-modules", "perl"],
  ],
};

const mirror = await reachableMirror();

describe.skipIf(mirror === undefined)("Debian's archive, at the mirror that apt uses here", () => {
  let cacheDirectory: string;
  beforeAll(async () => {
    cacheDirectory = await mkdtemp(join(tmpdir(), "tsmachine-debian-"));
  });
  afterAll(() => rm(cacheDirectory, { recursive: true, force: true }));

  const open = (suite: string, architecture: string) =>
    openArchive({
      mirrors: mirror === undefined ? [] : [mirror],
      ...{ suite, architecture, cacheDirectory, keysDirectory },
      now: new Date(),
      signal: new AbortController().signal,
      report: () => {},
      // A mirror that is frozen at some day stays usable for tests.
      validUntil: "ignored",
    });

  test("resolves an engine from trixie, without what images leave out", async ({ annotate }) => {
    const packages = (await open("trixie", "amd64")).resolve(engine);
    const names = packages.map(({ name }) => name);
    const megabytes = packages.reduce((sum, { size }) => sum + size, 0) / 1e6;
    await annotate(`${packages.length} packages, ${megabytes.toFixed(1)} MB`);
    expect(names).toEqual(expect.arrayContaining([...engine.wanted, "libc6", "tini"]));
    expect(names.filter((name) => engine.without.includes(name))).toEqual([]);
    expect(packages.length).toBeLessThan(80);
  });

  test.each([
    ["bullseye", "amd64"],
    ["bookworm", "amd64"],
    ["trixie-backports", "amd64"],
    ["trixie", "arm64"],
    ["trixie-security", "amd64"],
    ["sid", "amd64"],
  ])("trusts and reads %s for %s", async (suite, architecture) => {
    const archive = await open(suite, architecture);
    expect(archive.release.suite).toBe(suite);
    expect(archive.index.versionsOf(`linux-image-${architecture}`)).not.toEqual([]);
  });

  test("fetches packages that dpkg can read, again from the lock alone", async () => {
    const archive = await open("trixie", "amd64");
    const packages = archive.resolve({ wanted: ["netbase"], without: [] });
    const [fetched] = await fetchPackages(
      { ...archive.release, packages },
      {
        mirrors: [archive.mirror],
        cacheDirectory,
        signal: new AbortController().signal,
        report: () => {},
      },
    );
    const { stdout } = await run("dpkg-deb", ["--field", fetched?.path ?? "", "Package"]);
    expect(stdout).toBe("netbase\n");
  });

  test("two processes share a cache, and neither needs much memory", async ({ annotate }) => {
    await using program = await bundleProgram(
      new URL("./programs/resolve-and-measure.ts", import.meta.url),
    );
    const shared = join(cacheDirectory, "shared");
    const args = [program.path, mirror?.uri ?? "", shared, keysDirectory, "busybox-static"];
    const results = await Promise.all([run(process.execPath, args), run(process.execPath, args)]);
    const [first, second] = results.map(({ stdout }) => resultSchema.parse(JSON.parse(stdout)));
    await annotate(`peak ${first?.peakMiB} and ${second?.peakMiB} MiB`);
    expect(first?.paths).toEqual(second?.paths);
    // A whole build is to stay below 300 MB. Alone it is 190 MiB; on a busy host garbage is collected later.
    expect(first?.peakMiB).toBeLessThan(286);
  });
});

const resultSchema = z.object({ paths: z.array(z.string()).min(1), peakMiB: z.number() });
