import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { withRunShown } from "../../../../src/cli/matrix-grid/with-run-shown.ts";
import { shellCell } from "../../../support/matrix/matrix-world.ts";
import { recordedParts } from "../../../support/worlds/cli-parts.ts";
import { coreWorld } from "../../../support/worlds/core-world.ts";

const cell = shellCell("smoke", "", {});

interface Circumstances {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly hasColors?: boolean;
  readonly environment?: Readonly<Record<string, string>>;
  readonly globals?: { readonly quiet?: boolean; readonly debug?: boolean };
}

/** What a run of one cell looks like that passes; steps are those of the context that it was given. */
async function show({
  environment = {},
  globals = {},
  hasColors = false,
  ...shape
}: Circumstances) {
  const parts = recordedParts({ environment });
  const { stderr } = parts.output;
  Object.assign(stderr, { isTTY: true, columns: 80, ...shape, hasColors: () => hasColors });
  const { context, steps } = await coreWorld();
  const cli = {
    ...parts,
    globals: {
      ...{ storagePath: "", debug: false, quiet: false, nativeSsh: false, ...globals },
      tlsPaths: { ca: "", caKey: "", certificate: "", key: "" },
    },
  };
  const isWatched = await withRunShown(cli, { context, cells: [cell] }, async (shown) => {
    await shown.context.progress.step("Images", async () => {});
    shown.watch?.(cell, { kind: "ended", outcome: "pass" });
    return shown.watch !== undefined;
  });
  return { isWatched, steps, written: parts.complained() };
}

describe("a run is shown", () => {
  it("as a grid on a terminal", async () => {
    const { isWatched, steps, written } = await show({});
    expect(isWatched).toBe(true);
    expect(steps).toEqual([]);
    expect(stripVTControlCharacters(written)).toMatch(/6\.12 +✓ pass *\n\n1 of 1 cells done/);
    expect(written).not.toContain("\u001b[32m");
  });

  it("in colours where the terminal has them", async () => {
    expect((await show({ hasColors: true })).written).toContain("\u001b[32m✓ pass");
  });

  it.each([
    ["without a terminal", { isTTY: false }],
    ["on a terminal that does not know its width", { columns: 0 }],
    ["on a dumb terminal", { environment: { TERM: "dumb" } }],
    ["in a CI", { environment: { CI: "true" } }],
    ["with --quiet", { globals: { quiet: true } }],
    ["with --debug", { globals: { debug: true } }],
  ])("by its steps as they are %s", async (_where, circumstances) => {
    expect(await show(circumstances)).toEqual({ isWatched: false, steps: ["Images"], written: "" });
  });

  it("by lines on a terminal that is too narrow", async () => {
    const { isWatched, written } = await show({ columns: 30 });
    expect(isWatched).toBe(false);
    expect(written).toMatch(/^Images\.\.\.\nImages: done in \d\.\d s\n$/);
  });
});
