import { expect, test } from "vitest";
import { closingLines } from "../../../scripts/quickstart/closing-lines.ts";

test.each([
  { isOnPath: true, line: 'eval "$(tsmachine env default)"' },
  { isOnPath: false, line: 'eval "$(./bin/tsmachine env default)"' },
])("quickstart ends with a line that works here (on PATH: $isOnPath)", ({ isOnPath, line }) => {
  expect(closingLines({ machine: "default", isOnPath }).at(-1)).toBe(line);
});

test("quickstart tells how to put tsmachine on PATH when it is not there", () => {
  const lines = closingLines({ machine: "default", isOnPath: false }).join("\n");
  expect(lines).toContain("npm install -g .");
});
