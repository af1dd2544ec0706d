import { readFile, writeFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { tarArchive } from "../../../support/archives/deb.ts";
import {
  clearSign,
  debianRepository,
  generateArchiveKey,
  hoursAgo,
} from "../../../support/debian/repository.ts";
import { cutShortOnce } from "../../../support/debian/server.ts";
import { falseFilesIn, type TrustChain, trustChain } from "../../../support/debian/trust-chain.ts";

const flipped = (bytes: Buffer) => {
  bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
  return bytes;
};
const shortened = (bytes: Buffer) => bytes.subarray(0, -1);
const lengthened = (bytes: Buffer) => Buffer.concat([bytes, Buffer.of(0)]);

test("packages that are signed for from end to end are unpacked", async () => {
  const chain = await trustChain();
  expect((await chain.obtain()).map(({ name }) => name)).toEqual(["engine", "libc6"]);
  expect(await falseFilesIn(chain.options.cacheDirectory)).toEqual([]);
});

type Attack = (chain: TrustChain) => void | Promise<void>;

const attacks: readonly (readonly [attack: string, code: string, Attack])[] = [
  [
    "InRelease in lower case",
    "SIGNATURE_INVALID",
    ({ tamper, paths }) =>
      tamper(paths.inRelease, (bytes) => Buffer.from(bytes.toString().toLowerCase())),
  ],
  [
    "one byte of InRelease",
    "SIGNATURE_INVALID",
    ({ tamper, paths }) =>
      tamper(paths.inRelease, (bytes) => {
        bytes.write("O", bytes.indexOf("Origin") + 1);
        return bytes;
      }),
  ],
  [
    "a field before the signed text",
    "SIGNATURE_INVALID",
    ({ tamper, paths }) =>
      tamper(paths.inRelease, (bytes) => Buffer.concat([Buffer.from("Suite: x\n"), bytes])),
  ],
  [
    "a signature by another key",
    "SIGNATURE_INVALID",
    async ({ publish }) => publish({ key: await generateArchiveKey() }),
  ],
  [
    "a Valid-Until that has passed",
    "RELEASE_EXPIRED",
    ({ publish }) => publish({ validUntil: hoursAgo(1) }),
  ],
  [
    "a Release older than one seen before",
    "RELEASE_ROLLBACK",
    async ({ obtain, publish }) => {
      await obtain();
      await publish({ date: hoursAgo(30) });
    },
  ],
  [
    "another suite's Release",
    "RELEASE_INVALID",
    async ({ key, server, paths }) => {
      const other = await debianRepository({ key, suite: "oldstable", codename: "bookworm" });
      server.files.set(paths.inRelease, other.get("dists/bookworm/InRelease") ?? Buffer.of());
    },
  ],
  [
    "a signed text that is no Release",
    "RELEASE_INVALID",
    async ({ key, server, paths }) => {
      server.files.set(paths.inRelease, await clearSign("Suite: stable\n", key, hoursAgo(2)));
    },
  ],
  ["one bit of Packages", "DOWNLOAD_CORRUPT", ({ tamper, paths }) => tamper(paths.index, flipped)],
  [
    "Packages without its last byte",
    "DOWNLOAD_CORRUPT",
    ({ tamper, paths }) => tamper(paths.index, shortened),
  ],
  [
    "Packages of another day",
    "DOWNLOAD_CORRUPT",
    async ({ key, server, paths }) => {
      const other = await debianRepository({ key, packages: [{ name: "engine" }] });
      const [, index] = [...other].find(([path]) => path.includes("binary-amd64")) ?? [];
      server.files.set(paths.index, index ?? Buffer.of());
    },
  ],
  [
    "signed for, a package outside the mirror",
    "RELEASE_INVALID",
    ({ publish }) => publish({ packages: [{ name: "engine", architecture: "../../x" }] }),
  ],
  ["one bit of a package", "DOWNLOAD_CORRUPT", ({ tamper, paths }) => tamper(paths.deb, flipped)],
  [
    "a package without its last byte",
    "DOWNLOAD_CORRUPT",
    ({ tamper, paths }) => tamper(paths.deb, shortened),
  ],
  [
    "a package with a byte more",
    "DOWNLOAD_CORRUPT",
    ({ tamper, paths }) => tamper(paths.deb, lengthened),
  ],
  [
    "another package in its place",
    "DOWNLOAD_CORRUPT",
    ({ server, paths }) => {
      const [other] = [...server.files].filter(([path]) => path.includes("libc6"));
      server.files.set(paths.deb, other?.[1] ?? Buffer.of());
    },
  ],
  [
    "a login page in place of a package",
    "DOWNLOAD_CORRUPT",
    ({ server, paths }) => {
      server.files.set(paths.deb, Buffer.from("<html>Please log in</html>"));
    },
  ],
  [
    "a package whose transfer breaks off",
    "NETWORK_UNREACHABLE",
    ({ server, paths }) => cutShortOnce(server, paths.deb, 100),
  ],
];

describe("refused before anything is unpacked", () => {
  test.each(attacks)("%s: %s", async (_, code, attack) => {
    const chain = await trustChain();
    await attack(chain);
    await expect(chain.obtain()).rejects.toMatchObject({ name: "TsmachineError", code });
    expect(await falseFilesIn(chain.options.cacheDirectory)).toEqual([]);
  });
});

/** Debian would have to sign for them; the last wall before the image. */
describe("refused although signed for", () => {
  test.each([
    ["a path out of the image", { name: "../../etc/cron.d/x" }],
    ["an absolute path", { name: "/etc/cron.d/x" }],
    ["a device", { name: "dev/sda", type: "block-device" }],
    ["a hard link to a file of the host", { name: "l", type: "link", linkname: "/etc/shadow" }],
  ] as const)("%s: ARCHIVE_INVALID", async (_, header) => {
    const chain = await trustChain(await tarArchive([[header, ""]]));
    await expect(chain.obtain()).rejects.toMatchObject({ code: "ARCHIVE_INVALID" });
  });
});

test("a package that was changed in the cache is fetched again, never unpacked", async () => {
  const chain = await trustChain();
  const [engine] = await chain.obtain();
  const path = engine?.path ?? "";
  const whole = await readFile(path);
  await writeFile(path, flipped(Buffer.from(whole)));
  chain.server.requests.length = 0;
  await chain.obtain();
  expect(chain.server.requests).toContain(chain.paths.deb);
  expect(await readFile(path)).toEqual(whole);
});
