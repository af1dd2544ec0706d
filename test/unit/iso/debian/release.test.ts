import { readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import {
  fetchRelease,
  type ReleaseRequest,
} from "../../../../src/iso/debian/release/fetch-release.ts";
import {
  type ArchiveKey,
  clearSign,
  debianRepository,
  generateArchiveKey,
  hoursAgo,
  publicKeyWithLifetime,
  type RepositoryOptions,
  testNow,
} from "../../../support/debian/repository.ts";
import { startFileServer } from "../../../support/debian/server.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";

const path = "dists/trixie/InRelease";
let key: ArchiveKey;
beforeAll(async () => {
  key = await generateArchiveKey();
});

async function setUp(options: Partial<RepositoryOptions> = {}) {
  const server = await startFileServer(await debianRepository({ key, ...options }));
  const cacheDirectory = await temporaryDirectory();
  const request: ReleaseRequest = {
    mirror: { uri: server.uri, origin: "from --mirror" },
    suite: "trixie",
    keys: [key.armored],
    now: testNow,
    cacheDirectory,
    signal: new AbortController().signal,
  };
  const change = (edit: (text: string) => string) => {
    const text = Buffer.from(server.files.get(path) ?? "").toString("utf8");
    server.files.set(path, Buffer.from(edit(text)));
  };
  const replace = async (options: Partial<RepositoryOptions>) => {
    for (const file of await debianRepository({ key, ...options })) server.files.set(...file);
  };
  return { server, cacheDirectory, request, change, replace };
}

describe("fetchRelease", () => {
  test("gives what Debian signed", async () => {
    const { request } = await setUp({ validUntil: hoursAgo(-1) });
    const release = await fetchRelease(request);
    expect(release).toMatchObject({
      suite: "stable",
      codename: "trixie",
      date: hoursAgo(2),
      validUntil: hoursAgo(-1),
      architectures: ["all", "amd64"],
      components: ["main"],
      byHash: true,
    });
    expect([...release.files.keys()]).toEqual(["main/binary-amd64/Packages.gz"]);
  });

  test("is content with one known key among several signers", async () => {
    const { request } = await setUp();
    const other = await generateArchiveKey();
    await fetchRelease({ ...request, keys: [other.armored, key.armored] });
  });

  const forgeries: [title: string, edit: (text: string) => string][] = [
    ["a changed hash", (text) => text.replace(/^ [0-9a-f]{2}/m, " 00")],
    ["an added line", (text) => text.replace("SHA256:", "Valid-Until: never\nSHA256:")],
    [
      "a changed signature",
      (text) => text.replace(/(SIGNATURE-----\n(?:.+\n)*\n.{20}).{4}/, "$1AAAA"),
    ],
    ["no signature", (text) => text.slice(0, text.indexOf("-----BEGIN PGP SIGNATURE"))],
    ["a login page in its place", () => "<html>Please log in</html>"],
    ["an empty answer", () => ""],
  ];
  test.each(forgeries)("refuses %s", async (_, edit) => {
    const { request, change, cacheDirectory } = await setUp();
    change((text) => {
      expect(edit(text)).not.toBe(text);
      return edit(text);
    });
    await expect(fetchRelease(request)).rejects.toMatchObject({ code: "SIGNATURE_INVALID" });
    expect(await readdir(cacheDirectory)).toEqual([]);
  });

  test("refuses a key that is not Debian's", async () => {
    const { request } = await setUp();
    const { armored } = await generateArchiveKey();
    await expect(fetchRelease({ ...request, keys: [armored] })).rejects.toMatchObject({
      code: "SIGNATURE_INVALID",
      message: `${request.mirror.uri}/${path} has no valid signature of a known key`,
      context: { problems: [expect.stringMatching(/^[0-9a-f]{16}: Could not find/)] },
    });
  });

  test("accepts a key that expired after it signed, and none that had expired before", async () => {
    const expired = [await publicKeyWithLifetime(key, { hours: 900 })];
    const signedInTime = await setUp({ date: hoursAgo(110) });
    await fetchRelease({ ...signedInTime.request, keys: expired });
    const signedTooLate = await setUp({ date: hoursAgo(90) });
    await expect(fetchRelease({ ...signedTooLate.request, keys: expired })).rejects.toMatchObject({
      code: "SIGNATURE_INVALID",
      context: { problems: [expect.stringContaining("expired")] },
    });
  });

  test("refuses a signature made in the future", async () => {
    const { request } = await setUp({ signedAt: hoursAgo(-25) });
    await expect(fetchRelease(request)).rejects.toMatchObject({
      code: "SIGNATURE_INVALID",
      context: { problems: [expect.stringContaining("future")] },
    });
  });

  test("refuses another suite that is signed as well", async () => {
    const { request, server } = await setUp({ suite: "oldstable", codename: "bookworm" });
    server.files.set(path, server.files.get("dists/bookworm/InRelease") ?? Buffer.of());
    await expect(fetchRelease(request)).rejects.toMatchObject({
      code: "RELEASE_INVALID",
      message: expect.stringMatching(/ bookworm \(oldstable\), not of trixie$/),
    });
  });

  test("refuses a date that is still to come", async () => {
    const { request } = await setUp({ date: hoursAgo(-25), signedAt: hoursAgo(2) });
    await expect(fetchRelease(request)).rejects.toMatchObject({
      code: "RELEASE_INVALID",
      message: expect.stringMatching(/ is still to come$/),
    });
  });

  test.each([
    ["without a date", "Suite: stable\nCodename: trixie\nSHA256:\n"],
    [
      "with a broken file list",
      "Suite: stable\nCodename: trixie\nDate: Fri, 20 Nov 2026 10:00:00 UTC\nArchitectures: all\nComponents: main\nSHA256:\n 00 1 x\n",
    ],
    ["of no fields at all", "hello\n"],
  ])("refuses a signed file %s", async (_, text) => {
    const { request, server } = await setUp();
    server.files.set(path, await clearSign(text, key, hoursAgo(2)));
    await expect(fetchRelease(request)).rejects.toMatchObject({ code: "RELEASE_INVALID" });
  });

  test("refuses a release after its end, and warns when told to use it", async () => {
    const { request } = await setUp({ validUntil: hoursAgo(1) });
    await expect(fetchRelease(request)).rejects.toMatchObject({ code: "RELEASE_EXPIRED" });
    const lines: [string, ("warning" | undefined)?][] = [];
    const report = (...line: [string, "warning"?]) => void lines.push(line);
    await fetchRelease({ ...request, validUntil: "ignored", report });
    const until = hoursAgo(1).toISOString();
    expect(lines).toEqual([
      [`the release of trixie is used though it was valid until ${until} only`, "warning"],
    ]);
  });

  test("refuses an older release even when it may have expired", async () => {
    const { request, replace } = await setUp({ date: hoursAgo(5) });
    await fetchRelease(request);
    await replace({ date: hoursAgo(10), validUntil: hoursAgo(1) });
    await expect(fetchRelease({ ...request, validUntil: "ignored" })).rejects.toMatchObject({
      code: "RELEASE_ROLLBACK",
    });
  });

  test("names the suite that a mirror does not have", async () => {
    const { request, server } = await setUp();
    await expect(fetchRelease({ ...request, suite: "trixie-extra" })).rejects.toMatchObject({
      code: "SUITE_MISSING",
      message: `it has no suite trixie-extra (${server.uri}/dists/trixie-extra/InRelease)`,
      hints: [
        "choose another suite, or name a mirror that has trixie-extra with --mirror",
        expect.stringContaining("archive.debian.org"),
      ],
    });
  });

  test("takes security suites from the security archive", async () => {
    const suites = { suite: "stable-security", codename: "trixie-security" };
    const security = await setUp(suites);
    const { request } = await setUp();
    const mirror = { ...request.mirror, securityUri: security.server.uri };
    const release = await fetchRelease({ ...security.request, mirror, suite: "trixie-security" });
    expect(release).toMatchObject(suites);
  });

  test("refuses an older release than was seen before, until its memory is removed", async () => {
    const { request, replace, cacheDirectory } = await setUp({ date: hoursAgo(10) });
    await fetchRelease(request);
    await replace({ date: hoursAgo(5) });
    await fetchRelease(request);
    await fetchRelease(request);
    await replace({ date: hoursAgo(10) });
    const memory = join(cacheDirectory, "releases", "trixie.date");
    await expect(fetchRelease(request)).rejects.toMatchObject({
      code: "RELEASE_ROLLBACK",
      hints: expect.arrayContaining([expect.stringContaining(memory)]),
    });
    await rm(memory);
    await fetchRelease(request);
  });

  test("forgets a date that was damaged on the disk", async () => {
    const { request, cacheDirectory } = await setUp();
    await fetchRelease(request);
    await writeFile(join(cacheDirectory, "releases", "trixie.date"), "2026-");
    await fetchRelease(request);
  });

  test("takes a suite by its other name too", async () => {
    const { request, server } = await setUp();
    server.files.set("dists/stable/InRelease", server.files.get(path) ?? Buffer.of());
    expect(await fetchRelease({ ...request, suite: "stable" })).toMatchObject({
      codename: "trixie",
    });
  });

  test.each(["../trixie", "", "a/b", "Trixie"])(
    "asks no mirror for a suite named %j",
    async (suite) => {
      const { request, server } = await setUp();
      await expect(fetchRelease({ ...request, suite })).rejects.toMatchObject({
        code: "INVALID_INPUT",
      });
      expect(server.requests).toEqual([]);
    },
  );
});
