import { X509Certificate } from "node:crypto";
import { describe, expect, test } from "vitest";
import { askEngineVersion, pingEngine } from "../../../../src/core/engine/ask-engine.ts";
import { engineWorld } from "../../../support/images/engine-world.ts";
import { fakeEngineVersion } from "../../../support/network/fake-engine.ts";

const limits = { timeoutMs: 5_000, signal: new AbortController().signal };
const soon = { ...limits, timeoutMs: 200 };

describe("an engine", () => {
  test("answers a client of its authority", async () => {
    const { address, startEngine } = await engineWorld();
    await startEngine();
    expect(await pingEngine(address, limits)).toBeInstanceOf(X509Certificate);
    expect(await askEngineVersion(address, limits)).toBe(fakeEngineVersion);
  });

  test("answers nobody else", async () => {
    const { address, strangersBundle, startEngine } = await engineWorld();
    await startEngine();
    const stranger = { ...address, bundle: strangersBundle };
    expect(await pingEngine(stranger, limits)).toBeUndefined();
    await expect(askEngineVersion(stranger, limits)).rejects.toMatchObject({
      code: "ENGINE_UNREACHABLE",
    });
  });

  test("that is another one than its certificate says is not trusted", async () => {
    const { address, startEngine } = await engineWorld();
    await startEngine();
    const elsewhere = { ...address, endpoint: { ...address.endpoint, address: "127.0.0.2" } };
    expect(await pingEngine(elsewhere, limits)).toBeUndefined();
  });

  test("is trusted by another name than its address where its certificate has that name", async () => {
    const { address, startEngine } = await engineWorld();
    await startEngine();
    const byName = (certifiedName: string) => pingEngine({ ...address, certifiedName }, limits);
    expect(await byName("other")).toBeUndefined();
    expect(await byName("127.0.0.1")).toBeInstanceOf(X509Certificate);
  });

  test("that is not there is told so", async () => {
    const { address } = await engineWorld();
    expect(await pingEngine(address, limits)).toBeUndefined();
    await expect(askEngineVersion(address, limits)).rejects.toMatchObject({
      code: "ENGINE_UNREACHABLE",
      message: expect.stringMatching(
        /^the engine at 127.0.0.1:\d+ does not answer: .*ECONNREFUSED/,
      ),
    });
  });

  test("that never answers is given up at the limit", async () => {
    const { address, startEngine } = await engineWorld();
    await startEngine({ manner: "mute" });
    expect(await pingEngine(address, soon)).toBeUndefined();
    await expect(askEngineVersion(address, soon)).rejects.toMatchObject({
      code: "ENGINE_UNREACHABLE",
      message: expect.stringContaining("no answer within 200 ms"),
    });
  });

  test.each([
    ["that is none", '{"message":"page not found"}', "what it says is no engine's version"],
    ["that speaks another language", "<html>", "what it says is no engine's version"],
    ["that talks without end", "x".repeat(3 << 20), "the answer is too long"],
  ])("%s is refused in one line", async (_, version, reason) => {
    const { address, startEngine } = await engineWorld();
    await startEngine({ version });
    await expect(askEngineVersion(address, limits)).rejects.toMatchObject({
      code: "ENGINE_UNREACHABLE",
      message: expect.stringMatching(new RegExp(`: ${reason}$`)),
    });
  });

  test.each([pingEngine, askEngineVersion])(
    "is no longer asked when cancelled: %o",
    async (ask) => {
      const { address, startEngine } = await engineWorld();
      await startEngine({ manner: "mute" });
      const controller = new AbortController();
      const reason = new Error("the user pressed Ctrl-C");
      const asked = ask(address, { ...limits, signal: controller.signal });
      controller.abort(reason);
      await expect(asked).rejects.toBe(reason);
    },
  );
});
