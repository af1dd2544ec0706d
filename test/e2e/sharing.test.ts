import { describe, inject } from "vitest";
import { provideVirtiofsd } from "../support/machines/virtiofsd.ts";
import { testSharing } from "../support/sharing/sharing-suite.ts";

describe("folders by virtiofs", () => {
  testSharing({
    backEnd: "virtiofs",
    provideProgram: () => provideVirtiofsd(inject("cacheDirectory")),
  });
});
