import { expect, test } from "vitest";
import { isAnswering } from "../../../src/host/is-answering.ts";

test("a host that refuses connections is there", async () => {
  expect(await isAnswering("127.0.0.1", new AbortController().signal)).toBe(true);
});

test("whoever has cancelled is not answered", async () => {
  expect(await isAnswering("127.0.0.1", AbortSignal.abort())).toBe(false);
});
