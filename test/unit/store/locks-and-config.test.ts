import { mkdir, readdir, writeFile } from "node:fs/promises";
import { beforeEach, describe, expect, test } from "vitest";
import { openStore, type Store } from "../../../src/store/open-store.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const limits = { timeoutMs: 60, signal: new AbortController().signal };

let store: Store;
beforeEach(async () => {
  store = openStore(await temporaryDirectory());
});

describe("locks", () => {
  test("a locked machine is named to whoever waits too long", async () => {
    const action = () => store.withMachineLock("dev", limits, async () => "in");
    await store.withMachineLock("dev", limits, async () => {
      await expect(action()).rejects.toMatchObject({
        code: "LOCK_TIMEOUT",
        message: `machine "dev" is in use by process ${process.pid}`,
      });
    });
    expect(await action()).toBe("in");
    expect(await readdir(store.layout.locks)).toEqual([]);
  });

  test("machines and the store are locked apart from each other", async () => {
    const inside = await store.withMachineLock("dev", limits, () =>
      store.withMachineLock("other", limits, () => store.withStoreLock(limits, async () => "in")),
    );
    expect(inside).toBe("in");
  });

  test("a wrong name is refused before any lock", async () => {
    await expect(store.withMachineLock("../dev", limits, async () => {})).rejects.toMatchObject({
      code: "NAME_INVALID",
    });
  });
});

describe("readConfig", () => {
  test("finds no settings when there is no file", async () => {
    expect(await store.readConfig()).toEqual({});
  });

  test("keeps settings that this program does not know", async () => {
    await writeFile(store.layout.config, '{"mirror":"http://mirror.example/debian","new":1}');
    expect(await store.readConfig()).toEqual({ mirror: "http://mirror.example/debian", new: 1 });
  });

  test.each([
    ["", /it is empty/],
    ['{"mirror": ', /JSON/],
    ['{"mirror": "ftp://mirror.example"}', /mirror: Invalid URL/],
  ])("names the file and the problem of %j", async (text, problem) => {
    await writeFile(store.layout.config, text);
    await expect(store.readConfig()).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      message: expect.stringMatching(problem),
      hints: [expect.stringContaining(store.layout.config)],
    });
  });

  test("reports what is no file as the system does", async () => {
    await mkdir(store.layout.config);
    await expect(store.readConfig()).rejects.toMatchObject({ code: "EISDIR" });
  });
});
