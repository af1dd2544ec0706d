import { expect, test } from "vitest";
import { parseEngineEvent } from "../../../../src/core/events/engine-events.ts";

/** As an engine 26.1 writes it. */
const started =
  '{"status":"start","id":"4c0f","from":"tiny","Type":"container","Action":"start","Actor":{"ID":"4c0f","Attributes":{"image":"tiny","name":"web"}},"scope":"local","time":1769860800,"timeNano":1769860800123456789}';

test("a container's event names it, and says to the nanosecond where a stream goes on", () => {
  expect(parseEngineEvent(started)).toEqual({
    ...{ kind: "container start", detail: "web", at: new Date("2026-01-31T12:00:00.123Z") },
    next: "1769860800.123456790",
  });
});

test.each([
  ['{"Type":"image","Action":"pull","Actor":{"ID":"tiny:1"},"time":1769860800}', "tiny:1"],
  ['{"Type":"daemon","Action":"reload","time":1769860800}', ""],
])("an event without a name or nanoseconds is one: %s", (line, detail) => {
  expect(parseEngineEvent(line)).toMatchObject({ detail, next: "1769860801.000000000" });
});

test.each(["", "{}", "null", '{"Type":"container"}', "<html>"])("%j is no event", (line) => {
  expect(parseEngineEvent(line)).toBeUndefined();
});
