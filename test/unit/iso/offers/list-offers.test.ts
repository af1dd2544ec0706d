import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { TsmachineError } from "../../../../src/errors/tsmachine-error.ts";
import { listOffers, type OpenSuite } from "../../../../src/iso/offers/list-offers.ts";
import { packagesFile, sha256, type TestPackage } from "../../../support/debian/repository.ts";
import { readIndex } from "../../../support/images/fake-offers.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";

const kernel = (release: string, version: string): TestPackage => ({
  ...{ name: `linux-image-${release}`, version },
});
const engine = (version: string): TestPackage[] => [
  { name: "docker.io", version },
  { name: "containerd" },
  { name: "runc" },
];

let suites: Record<string, readonly TestPackage[] | Error>;
let reads: string[];
let cacheDirectory: string;
beforeEach(async () => {
  cacheDirectory = await temporaryDirectory();
  reads = [];
  suites = {
    bookworm: [kernel("6.1.0-50-amd64", "6.1.176-1"), ...engine("20.10.24+dfsg1-1")],
    trixie: [
      kernel("6.12.107+deb13-amd64", "6.12.107-1"),
      kernel("6.12.107+deb13-cloud-amd64", "6.12.107-1"),
      kernel("6.12.94+deb13-cloud-amd64", "6.12.94-1"),
      ...engine("26.1.5+dfsg1-9"),
    ],
    "trixie-backports": [kernel("7.3.4+deb13-cloud-amd64", "7.3.4-1~bpo13+1")],
    sid: [
      kernel("7.3-cloud-amd64", "7.3~rc7-1"),
      kernel("6.12.107+deb13-cloud-amd64", "6.12.107-1"),
    ],
  };
});

const openSuite: OpenSuite = async (suite) => {
  const content = suites[suite];
  if (content === undefined || content instanceof Error) throw content ?? new Error(suite);
  return {
    indexSha256: sha256(packagesFile(content)),
    readIndex: () => {
      reads.push(suite);
      return readIndex(packagesFile(content));
    },
  };
};

const list = (changes: Partial<Parameters<typeof listOffers>[0]> = {}) =>
  listOffers({
    ...{ suites: Object.keys(suites), architecture: "amd64", openSuite, cacheDirectory },
    report: { detail: () => {}, bytes: () => {} },
    signal: new AbortController().signal,
    ...changes,
  });

const expired = new TsmachineError("RELEASE_EXPIRED", "sid was valid until yesterday", {
  hints: ["name a mirror that is up to date with --mirror", "check the clock"],
});

describe("the offers of several suites", () => {
  test("are newest first, cloud before full, and then in the order of the suites", async () => {
    const { kernels, engines } = await list();
    expect(kernels.map(({ release, suite }) => `${release} ${suite}`)).toEqual([
      "7.3.4+deb13-cloud-amd64 trixie-backports",
      "7.3-cloud-amd64 sid",
      "6.12.107+deb13-cloud-amd64 trixie",
      "6.12.107+deb13-cloud-amd64 sid",
      "6.12.107+deb13-amd64 trixie",
      "6.12.94+deb13-cloud-amd64 trixie",
      "6.1.0-50-amd64 bookworm",
    ]);
    expect(engines.map(({ version }) => version)).toEqual(["26.1.5", "20.10.24"]);
  });

  test("are fetched as one transfer that never runs backwards", async () => {
    const shown: { received: number; total: number | undefined }[] = [];
    const downloading: OpenSuite = async (suite, architecture, report) => {
      // Two files after each other, while other suites do the same.
      for (const received of [100, 200, 0, 300]) {
        report.bytes({ received, total: received < 200 ? 200 : 300 });
        await Promise.resolve();
      }
      return openSuite(suite, architecture, report);
    };
    await list({
      openSuite: downloading,
      report: { detail: () => {}, bytes: (transfer) => shown.push(transfer) },
    });
    const received = shown.map((transfer) => transfer.received);
    expect(received).toEqual(received.toSorted((a, b) => a - b));
    expect(shown.at(-1)).toEqual({ received: 4 * 500, total: undefined });
  });

  test("are those of the others when a suite cannot be opened, with a note", async () => {
    suites.sid = expired;
    const { kernels, notes } = await list();
    expect(kernels.map(({ suite }) => suite)).not.toContain("sid");
    expect(notes).toEqual([
      {
        ...{ suite: "sid", reason: "sid was valid until yesterday" },
        hint: "name a mirror that is up to date with --mirror",
      },
    ]);
  });

  test("are refused with the first reason when no suite can be opened", async () => {
    suites = { sid: expired, trixie: new TsmachineError("TIMEOUT", "too slow") };
    await expect(list()).rejects.toBe(expired);
  });

  test("are not hidden behind a note when tsmachine itself is wrong", async () => {
    const bug = new Error("a bug");
    suites.sid = bug;
    await expect(list()).rejects.toBe(bug);
  });

  test("end when they are cancelled", async () => {
    const signal = AbortSignal.abort(new Error("cancelled"));
    await expect(list({ signal })).rejects.toThrow("cancelled");
    expect(reads).toEqual([]);
  });

  test("show the transfers of all suites as one", async () => {
    const transfers: unknown[] = [];
    const opened: OpenSuite = (suite, architecture, report) => {
      report.bytes({ received: 5, total: 10 });
      return openSuite(suite, architecture, report);
    };
    const report = { detail: () => {}, bytes: (transfer: unknown) => transfers.push(transfer) };
    await list({ openSuite: opened, report });
    expect(transfers.at(-1)).toEqual({ received: 20, total: undefined });
  });
});

describe("the cache of offers", () => {
  test("saves reading an index a second time, while it is the same", async () => {
    const first = await list();
    expect(reads.sort()).toEqual(["bookworm", "sid", "trixie", "trixie-backports"]);
    reads = [];
    expect(await list()).toEqual(first);
    expect(reads).toEqual([]);
    suites.bookworm = [kernel("6.1.0-51-amd64", "6.1.180-1")];
    expect((await list()).kernels.at(-1)?.version).toBe("6.1.180");
    expect(reads).toEqual(["bookworm"]);
  });

  test("is made again where it is damaged", async () => {
    const first = await list();
    const folder = join(cacheDirectory, "offers");
    for (const name of await readdir(folder)) {
      const text = await readFile(join(folder, name), "utf8");
      await writeFile(join(folder, name), text.slice(0, -20));
    }
    expect(await list()).toEqual(first);
    expect(reads).toHaveLength(8);
  });
});
