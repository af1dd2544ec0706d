import { expect, test } from "vitest";
import { searchDomains } from "../../../../src/providers/kvm/network/search-domains.ts";

test.each([
  ["", []],
  ["nameserver 192.0.2.1\n", []],
  ["search a.example b.example\nnameserver 192.0.2.1\n", ["a.example", "b.example"]],
  ["search\ta.example.  b_c.example\n", ["a.example", "b_c.example"]],
  ["domain a.example\n", ["a.example"]],
  ["search a.example\nsearch b.example\n", ["b.example"]],
  // What systemd-resolved writes where there is none.
  ["nameserver 127.0.0.53\noptions edns0 trust-ad\nsearch .\n", []],
  ["# search a.example\n", []],
  ["search a.example # note\nnameserver 192.0.2.1\n", ["a.example"]],
  ["search a.example;note\n", ["a.example"]],
  // What would be another setting for QEMU.
  ["search a.example,hostfwd=tcp::1-:2 b.example\n", ["b.example"]],
  ["search a b c d e f g\n", ["a", "b", "c", "d", "e", "f"]],
])("a resolver's configuration %j has the search domains %j", (text, domains) => {
  expect(searchDomains(text)).toEqual(domains);
});
