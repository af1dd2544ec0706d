import fc from "fast-check";
import { expect, test } from "vitest";
import { type Behaviour, findChange } from "../../../../src/matrix/bisect/find-change.ts";

/** Candidates that behave so, with a record of which were tried. */
function candidates(behaviours: readonly Behaviour[]) {
  const tried: number[] = [];
  const behaviourOf = async (index: number): Promise<Behaviour> => {
    tried.push(index);
    const behaviour = behaviours[index];
    if (behaviour === undefined) throw new Error(`no candidate ${index}`);
    return behaviour;
  };
  return { tried, behaviourOf };
}

const other = (behaviour: Behaviour): Behaviour => (behaviour === "works" ? "fails" : "works");

test("the one change is found, with no candidate tried twice and few tried at all", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 2, max: 300 }),
      fc.nat(),
      fc.constantFrom<Behaviour>("works", "fails"),
      async (count, seed, before) => {
        const first = 1 + (seed % (count - 1));
        const row = Array.from({ length: count }, (_, index) =>
          index < first ? before : other(before),
        );
        const { tried, behaviourOf } = candidates(row);
        const change = await findChange(count, behaviourOf);
        expect(change).toEqual({ last: first - 1, first, behaviour: other(before) });
        expect(new Set(tried).size).toBe(tried.length);
        expect(tried.length).toBeLessThanOrEqual(2 + Math.ceil(Math.log2(count)));
      },
    ),
  );
});

test("of several changes one is found", async () => {
  const row: Behaviour[] = ["works", "fails", "works", "works", "fails", "fails"];
  const change = await findChange(row.length, candidates(row).behaviourOf);
  const { last = 0, first = 0 } = change ?? {};
  expect([row[last], row[first]]).toEqual(["works", "fails"]);
  expect(first - last).toBe(1);
});

test.each([1, 2, 9])("where both ends of %i behave the same there is none", async (count) => {
  const row = Array.from({ length: count }, (): Behaviour => "fails");
  const { tried, behaviourOf } = candidates(row);
  expect(await findChange(count, behaviourOf)).toBeUndefined();
  expect(tried.length).toBeLessThanOrEqual(2);
});
