import { Command } from "commander";
import { expect, test } from "vitest";
import { createCli } from "../../../src/cli/create-cli.ts";
import { readGlobalOptions } from "../../../src/cli/flags/global-options.ts";
import { recordedParts } from "../../support/worlds/cli-parts.ts";

test("a warning is one clean line, whatever words of others are in it", async () => {
  const parts = recordedParts();
  const globals = readGlobalOptions(new Command(), parts);
  const cli = createCli(parts, { command: "start", globals, endWith: () => {} });
  await cli.withContext(async ({ warn }) => warn("it is \x1b]0;title\x07old\nand \u202eworn"));
  expect(parts.complained()).toBe("tsmachine: warning: it is old and worn\n");
});
