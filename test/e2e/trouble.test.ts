import { mkdir, mkdtemp, readdir, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { isSystemError } from "../../src/errors/system-error.ts";
import { type RunResult, run } from "../../src/host/processes/run.ts";
import { reachableMirror } from "../support/debian/live-mirror.ts";
import { refusingUri, startFileServer } from "../support/debian/server.ts";
import { openSharedCacheStore, smallMachine } from "../support/machines/machine.ts";
import { openTestStore, type TestStore } from "../support/machines/tsmachine.ts";
import { leftoversIn, nothingLeft } from "../support/machines/tsmachine-leftovers.ts";

const create = ["create", ...smallMachine] as const;

/** One line that says what failed, and hints. */
function expectFailure({ exitCode, stderr }: RunResult, code: string, status = 1): void {
  expect({ exitCode, errors: stderr.match(/^tsmachine: error: .*$/gm) }).toEqual({
    exitCode: status,
    errors: [expect.stringContaining(`[${code}]`)],
  });
  expect(stderr).toMatch(/^tsmachine: hint: /m);
  expect(stderr).not.toMatch(/^ +at /m);
}

/** Names of all files below the cache. */
async function cachedFiles({ path }: TestStore): Promise<string[]> {
  try {
    const entries = await readdir(join(path, "cache"), { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return [];
    throw error;
  }
}

describe("with an empty cache", () => {
  test("no network ends `create` at once, with nothing half-made", async () => {
    await using store = await openTestStore();
    const failed = await store.tsmachine(...create, "--mirror", `${await refusingUri()}/debian`);
    expectFailure(failed, "NETWORK_UNREACHABLE");
    expect(await leftoversIn(store)).toEqual(nothingLeft);
    expect(await cachedFiles(store)).toEqual([]);
  });

  test("a release that Debian did not sign as it is ends `create`, with nothing taken from it", async () => {
    await using store = await openTestStore();
    const mirror = await reachableMirror();
    const path = "dists/trixie/InRelease";
    const signed = await (await fetch(`${mirror?.uri}/${path}`)).text();
    const tampered = signed.replace(
      /^ ([0-9a-f]{64}) (.*main\/binary-amd64\/Packages\.xz)$/m,
      (_all, _hash, rest) => ` ${"0".repeat(64)} ${rest}`,
    );
    expect(tampered).not.toBe(signed);
    const server = await startFileServer(new Map([[path, Buffer.from(tampered)]]));
    const failed = await store.tsmachine(...create, "--mirror", server.uri);
    expectFailure(failed, "SIGNATURE_INVALID");
    expect(server.requests).toEqual([path]);
    expect(await leftoversIn(store)).toEqual(nothingLeft);
    expect(await cachedFiles(store)).toEqual([]);
  });
});

describe("a host without QEMU", () => {
  test("is told what to install, with a status of its own", async () => {
    await using store = await openSharedCacheStore();
    const programs = join(store.path, "programs");
    await mkdir(programs);
    await symlink(process.execPath, join(programs, "node"));
    const failed = await store.shell(`exec "$(command -v tsmachine)" ${create.join(" ")}`, {
      environment: { PATH: [programs, join(store.environment.HOME ?? "", "../bin")].join(":") },
    });
    expectFailure(failed, "PROVIDER_NOT_READY", 3);
    expect(failed.stderr).toMatch(/hint: .*qemu/i);
    expect(await leftoversIn(store)).toEqual(nothingLeft);
  });
});

describe("a full disk", () => {
  test("ends `iso build` in one line, and what is there later suffices", async ({ skip }) => {
    const disk = await mountSmallDisk(96);
    if (disk === undefined) skip("only root can mount a small disk");
    await using store = await openTestStore({ parent: disk ?? "" });
    expectFailure(await store.tsmachine("iso", "build"), "DISK_FULL");
    const names = await cachedFiles(store);
    expect(names.filter((name) => name.endsWith(".iso") || name.endsWith(".tmp"))).toEqual([]);
    await run("mount", ["-o", "remount,size=1g", disk ?? ""]);
    expect(await store.tsmachine("iso", "build")).toMatchObject({ exitCode: 0 });
  });
});

/** Undefined when this user or this host does not allow it. */
async function mountSmallDisk(mebibytes: number): Promise<string | undefined> {
  const directory = await mkdtemp(join(tmpdir(), "tsmachine-disk-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  const options = ["-t", "tmpfs", "-o", `size=${mebibytes}m`, "tsmachine", directory];
  const { exitCode } = await run("mount", options, { acceptExitCodes: "all" });
  if (exitCode !== 0) return undefined;
  onTestFinished(async () => void (await run("umount", ["-l", directory])));
  return directory;
}
