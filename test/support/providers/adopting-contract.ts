import { readdir } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { recordedOperation } from "../worlds/operations.ts";
import { testCommonContract } from "./common-contract.ts";
import { type AdoptingSubject, planned } from "./contract-subject.ts";

/** What core relies on of a provider that only points at hosts. */
export function testAdoptingContract(name: string, makeSubject: () => Promise<AdoptingSubject>) {
  testCommonContract(name, makeSubject);
  describe(`provider ${name}, which adopts hosts, keeps the contract`, () => {
    test("it owns nothing and boots nothing", async () => {
      const { provider } = await makeSubject();
      expect(provider.capabilities).toMatchObject({ ownsInstance: false, bootsIso: false });
    });

    test("a plan survives JSON, and all that is done with it leaves no file", async () => {
      const { places, record, instance } = await planned(await makeSubject());
      expect(JSON.parse(JSON.stringify(record))).toEqual(record);
      await instance.create(recordedOperation());
      await instance.endpoint(recordedOperation());
      await instance.power(recordedOperation());
      await instance.remove(recordedOperation());
      expect(await readdir(places.directory)).toEqual([]);
    });

    test("a host that is removed goes on as it was", async () => {
      const { instance } = await planned(await makeSubject());
      const before = await instance.power(recordedOperation());
      await instance.remove(recordedOperation());
      expect(await instance.power(recordedOperation())).toBe(before);
    });

    test("a host that runs may be started, and cannot be stopped", async () => {
      const { instance, record } = await planned(await makeSubject());
      expect(await instance.power(recordedOperation())).toBe("running");
      expect(await instance.start(recordedOperation())).toEqual(record);
      for (const how of ["shutdown", "power-off"] as const) {
        await expect(instance.stop(how, recordedOperation())).rejects.toMatchObject({
          code: "CAPABILITY_MISSING",
        });
      }
    });

    test("it says where the engine is, the same after a reopening", async () => {
      const { provider, ...subject } = await makeSubject();
      const { instance, record, places } = await planned({ provider, ...subject });
      const endpoint = await instance.endpoint(recordedOperation());
      expect(endpoint.engineUrl ?? endpoint.dockerPort).toBeDefined();
      const reopened = provider.open(JSON.parse(JSON.stringify(record)), places);
      expect(await reopened.endpoint(recordedOperation())).toEqual(endpoint);
    });
  });
}
