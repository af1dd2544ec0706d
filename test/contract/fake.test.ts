import * as z from "zod";
import type { Json } from "../../src/providers/provider.ts";
import type { ContractSubject } from "../support/providers/contract-subject.ts";
import {
  createFakeProvider,
  type FakeProvider,
  sampleImages,
} from "../support/providers/fake-provider.ts";
import { testProviderContract } from "../support/providers/provider-contract.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

const nameOf = (record: Json) => z.object({ name: z.string() }).parse(record).name;

testProviderContract("fake", async () => subjectOf(createFakeProvider()));

testProviderContract("fake with a dynamic endpoint", async () => {
  const provider = createFakeProvider({ capabilities: { dynamicEndpoint: true } });
  provider.asksInVain = 2;
  return subjectOf(provider);
});

function subjectOf(provider: FakeProvider): ContractSubject {
  let count = 0;
  return {
    provider,
    async newMachine() {
      count += 1;
      return {
        spec: { name: `machine-${count}`, architecture: "amd64" },
        places: { directory: await temporaryDirectory(), images: sampleImages },
      };
    },
    options: {},
    impossibleOptions: { memoryMiB: "none" },
    greeting: "fake guest is up",
    pullThePlug: async ({ record }) => provider.setPower(nameOf(record), "stopped"),
    destroy: async ({ record }) => provider.setPower(nameOf(record), "absent"),
  };
}
