import { describe, expect, test } from "vitest";
import { recordedOperation } from "../worlds/operations.ts";
import { type AdoptingSubject, planned } from "./contract-subject.ts";

/** What core relies on of every provider. */
export function testCommonContract(name: string, makeSubject: () => Promise<AdoptingSubject>) {
  describe(`provider ${name} keeps the contract`, () => {
    test("every option has a flag and a description, and a default or may be left out", async () => {
      const { provider } = await makeSubject();
      expect(provider.options.safeParse({}).success).toBe(true);
      for (const field of Object.values(provider.options.shape)) {
        expect(field.meta()).toMatchObject({
          flag: expect.stringMatching(/^[a-z][a-z-]*$/),
          description: expect.stringMatching(/./),
        });
      }
    });

    test("looking at the host tells its health", async () => {
      const { provider } = await makeSubject();
      const health = await provider.check(recordedOperation());
      expect(["ready", "degraded", "missing", "unsupported"]).toContain(health.state);
    });

    test("options that cannot be are refused before anything is made", async () => {
      const { provider, newMachine, impossibleOptions } = await makeSubject();
      const { spec } = await newMachine();
      await expect(
        provider.plan(spec, impossibleOptions, recordedOperation()),
      ).rejects.toMatchObject({ code: "INVALID_INPUT" });
    });

    test("what is not on takes nothing of this host", async () => {
      const { instance } = await planned(await makeSubject());
      expect(await instance.usage?.(recordedOperation())).toBeUndefined();
    });

    test("removing what was never created succeeds", async () => {
      const { instance } = await planned(await makeSubject());
      await instance.remove(recordedOperation());
    });
  });
}
