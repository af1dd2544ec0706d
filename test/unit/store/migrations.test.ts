import { expect, test } from "vitest";
import { type Migrations, migrate } from "../../../src/store/migrations.ts";

const steps: Migrations = {
  1: ({ nick, ...rest }) => ({ ...rest, alias: nick }),
  2: (record) => ({ ...record, aliases: [record.alias] }),
};

test("a record goes through every step from its version on, keeping unknown fields", () => {
  const old = { schemaVersion: 1, nick: "d", colour: "red" };
  expect(migrate(old, { steps, to: 3 })).toEqual({
    schemaVersion: 3,
    alias: "d",
    aliases: ["d"],
    colour: "red",
  });
});

test("a record of the wanted version stays as it is", () => {
  const record = { schemaVersion: 3, alias: "d" };
  expect(migrate(record, { steps, to: 3 })).toBe(record);
});

test("a gap in the table is a bug", () => {
  expect(() => migrate({ schemaVersion: 3 }, { steps, to: 4 })).toThrow("from version 3");
});
