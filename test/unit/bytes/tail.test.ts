import fc from "fast-check";
import { expect, test } from "vitest";
import { createTail } from "../../../src/bytes/tail.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

test("what fits is kept as it came", () => {
  const tail = createTail(8);
  tail.add(bytes("one\n"));
  tail.add(bytes("two\n"));
  expect(tail.text()).toBe("one\ntwo\n");
});

test("of more the end is kept, and the rest is counted", () => {
  const tail = createTail(4);
  for (const text of ["one\n", "two\n", "three\n"]) tail.add(bytes(text));
  expect(tail.text()).toBe("[10 bytes left out]\nree\n");
});

test("however the stream is cut, the end is the same", () => {
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^[a-z]{0,20}$/)), fc.nat(40), (texts, maxBytes) => {
      const all = texts.join("");
      const tail = createTail(maxBytes);
      for (const text of texts) tail.add(bytes(text));
      const leftOut = Math.max(0, all.length - maxBytes);
      const kept = all.slice(leftOut);
      expect(tail.text()).toBe(leftOut === 0 ? all : `[${leftOut} bytes left out]\n${kept}`);
    }),
  );
});
