import { createNoneProvider } from "../../src/providers/none/provider.ts";
import { testAdoptingContract } from "../support/providers/adopting-contract.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

testAdoptingContract("none", async () => ({
  provider: createNoneProvider(),
  newMachine: async () => ({
    spec: { name: "dev", architecture: "amd64" },
    places: { directory: await temporaryDirectory() },
  }),
  options: { url: "tcp://192.0.2.1:2376" },
  impossibleOptions: { url: "" },
}));
