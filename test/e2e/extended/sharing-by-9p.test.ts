import { describe } from "vitest";
import { testSharing } from "../../support/sharing/sharing-suite.ts";

describe("folders by 9p", () => {
  testSharing({ backEnd: "9p", provideProgram: async () => undefined });
});
