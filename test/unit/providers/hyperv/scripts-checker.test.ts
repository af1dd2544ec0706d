import { describe, expect, test } from "vitest";
import { checkScript } from "../../../support/hyperv/check-script.ts";
import {
  hasPublishedCmdlets,
  readPublishedCmdlets,
  unlessPublished,
} from "../../../support/hyperv/cmdlets/published-cmdlets.ts";
import type { Fault } from "../../../support/hyperv/fault.ts";
import { correctScripts } from "./correct-scripts.ts";
import { faultyCommands } from "./faulty-commands.ts";
import { unreadableScripts } from "./unreadable-scripts.ts";

const cmdlets = hasPublishedCmdlets ? await readPublishedCmdlets() : new Map();

function written({ line, column, message }: Fault): string {
  return `${line}:${column} ${message}`;
}

test.each(unreadableScripts)("the checker refuses %s", async (_, text, fault) => {
  expect((await checkScript(text, new Map())).map(written)).toEqual([fault]);
});

test("the checker knows no cmdlet unless it is told of it", async () => {
  expect((await checkScript("Get-VM", new Map())).map(written)).toEqual([
    "1:1 unknown command Get-VM",
  ]);
});

describe.skipIf(!hasPublishedCmdlets)(`with the published cmdlets ${unlessPublished}`, () => {
  test.each(correctScripts)("the checker finds no fault with %s", async (_, text) => {
    expect((await checkScript(text, cmdlets)).map(written)).toEqual([]);
  });

  test.each(faultyCommands)("the checker refuses %s", async (_, text, fault) => {
    expect((await checkScript(text, cmdlets)).map(written)).toEqual([fault]);
  });

  test("the checker tells of each fault in the order of the text", async () => {
    const text = "Get-VM -Nmae x | % Name\nStart-VM\n";
    expect((await checkScript(text, cmdlets)).map(written)).toEqual([
      "1:8 Get-VM has no parameter -Nmae",
      "1:18 % is an alias: write ForEach-Object",
      "2:1 Start-VM lacks -Name",
    ]);
  });
});
