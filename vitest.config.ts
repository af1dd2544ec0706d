import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

const minutes = 60_000;
/** They take a fraction of a second, on a busy host several. */
const patient = { testTimeout: 20_000, hookTimeout: 20_000 };

/** Machines need the whole host, and boot one after another. */
const machines = (groupOrder: number) => ({
  globalSetup: ["test/e2e/global-setup.ts"],
  testTimeout: 10 * minutes,
  hookTimeout: 10 * minutes,
  fileParallelism: false,
  sequence: { groupOrder },
});

// One project per kind of test: unit and contract run in seconds and without a network,
// integration needs a Debian mirror or other people's programs, e2e boots machines,
// e2e-extended those that hardly a change breaks.
export default defineConfig({
  test: {
    // Vitest would leave a processor idle.
    maxWorkers: availableParallelism(),
    // The one line of a failure that a log keeps says what was found, not only how many things.
    chaiConfig: { truncateThreshold: 1000 },
    projects: [
      { test: { name: "unit", include: ["test/unit/**/*.test.ts"], ...patient } },
      { test: { name: "contract", include: ["test/contract/**/*.test.ts"], ...patient } },
      {
        test: {
          name: "integration",
          include: ["test/integration/**/*.test.ts"],
          testTimeout: 5 * minutes,
          hookTimeout: 5 * minutes,
        },
      },
      { test: { name: "e2e", include: ["test/e2e/*.test.ts"], ...machines(1) } },
      {
        test: {
          name: "e2e-extended",
          include: ["test/e2e/extended/*.test.ts"],
          ...machines(2),
        },
      },
    ],
  },
});
