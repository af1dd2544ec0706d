import { availableParallelism } from "node:os";
import { env } from "node:process";
import { defineConfig } from "vitest/config";

// Every Node process that tests start would parse all certificates of that file first, which takes half as long again, and
// every machine would be given them.
delete env.NODE_EXTRA_CA_CERTS;

const minutes = 60_000;
/**
 * They take a fraction of a second, on a busy host several. Files share their worker's modules, which take longer to load
 * than most tests to run: no test changes what is global without changing it back.
 */
const patient = {
  ...{ testTimeout: 20_000, hookTimeout: 20_000, isolate: false },
  // They spend a third of their time waiting, so one worker more than there are processors.
  maxWorkers: availableParallelism() + 1,
  sequence: { groupOrder: 0 },
};

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
          sequence: { groupOrder: 1 },
        },
      },
      { test: { name: "e2e", include: ["test/e2e/*.test.ts"], ...machines(2) } },
      {
        test: {
          name: "e2e-extended",
          include: ["test/e2e/extended/*.test.ts"],
          ...machines(3),
        },
      },
    ],
  },
});
