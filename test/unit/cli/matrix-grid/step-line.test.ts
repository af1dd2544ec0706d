import { expect, it } from "vitest";
import { stepLine } from "../../../../src/cli/matrix-grid/step-line.ts";

it("shows the latest step that goes on, with what it said, and no hidden ones", async () => {
  let nowMs = 0;
  const line = stepLine(() => nowMs, new Set(["Trying 6.1/26.1 w"]));
  const seen: (string | undefined)[] = [];
  const look = () => void seen.push(line.text());
  look();
  await line.progress.step("Images", async (images) => {
    look();
    await images.step("Boot image", async (boot) => {
      boot.detail("asking the mirror");
      look();
      boot.bytes({ received: 0, total: 10e6 });
      nowMs = 1000;
      boot.bytes({ received: 5e6, total: 10e6 });
      look();
    });
    await line.progress.step("Trying 6.1/26.1 w", async (trial) => {
      await trial.step("Starting machine", async (step) => {
        step.detail("x");
        look();
      });
    });
  });
  await line.progress.step("Fails", () => Promise.reject(new Error("x"))).catch(() => {});
  look();
  expect(seen).toEqual([
    undefined,
    "Images",
    "Images: Boot image: asking the mirror",
    "Images: Boot image: 50 %, 5.0 MB of 10.0 MB, 5.0 MB/s",
    "Images",
    undefined,
  ]);
});
