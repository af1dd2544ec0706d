import { expect, test } from "vitest";
import type { ImageKind, ImageLock } from "../../../../src/iso/images/image-lock.ts";
import {
  formatLockFile,
  parseAllLocks,
  parseLockFile,
} from "../../../../src/iso/images/lock-file.ts";

function lockOf(kind: ImageKind, suite = "trixie"): ImageLock {
  return {
    ...{ lockVersion: 2, kind, architecture: "amd64", templates: "0123" },
    ...{ releases: [{ suite, date: "2026-11-20T12:00:00Z" }], packages: [], inputs: [] },
  };
}

const boot = lockOf("boot");
const engine = lockOf("engine");
const former = lockOf("engine", "bookworm");

test("a lock file gives back the locks of the images that it was made of", () => {
  const text = formatLockFile([boot, engine]);
  expect(parseLockFile(text, "file")).toEqual({ boot, engine });
  expect(parseAllLocks(text, "file")).toEqual([boot, engine]);
});

test("locks of former images are kept apart", () => {
  const text = formatLockFile([boot, engine], [former]);
  expect(parseLockFile(text, "file")).toEqual({ boot, engine });
  expect(parseAllLocks(text, "file")).toEqual([boot, engine, former]);
});

test.each([
  { title: "no JSON", text: "{" },
  { title: "something else", text: '{"lockFileVersion": 2}' },
  {
    title: "a damaged former lock",
    text: JSON.stringify({ ...JSON.parse(formatLockFile([boot])), former: [1] }),
  },
])("$title is refused", ({ text }) => {
  expect(() => parseAllLocks(text, "file")).toThrow(
    expect.objectContaining({ code: "LOCK_INVALID" }),
  );
});

test("of several problems the first is told, on one line", () => {
  expect(() => parseLockFile('{"lockFileVersion": 2}', "file")).toThrow(
    "file is not a lock file: lockFileVersion: expected 1",
  );
});

test("two current locks of a kind are refused", () => {
  expect(() => parseLockFile(formatLockFile([engine, former]), "file")).toThrow(
    "file is not a lock file: it has two locks of a kind",
  );
});
