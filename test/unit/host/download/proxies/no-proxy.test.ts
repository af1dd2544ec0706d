import { expect, test } from "vitest";
import { noProxyRule } from "../../../../../src/host/download/proxies/no-proxy.ts";

const table: [list: string, url: string, goesDirectly: boolean][] = [
  ["", "http://mirror.example/", false],
  ["*", "http://mirror.example/", true],
  ["other.example,*", "http://mirror.example/", true],
  ["mirror.example", "http://mirror.example/", true],
  ["mirror.example", "https://MIRROR.example/", true],
  ["MIRROR.EXAMPLE", "http://mirror.example/", true],
  ["mirror.example.", "http://mirror.example/", true],
  ["mirror.example", "http://mirror.example./", true],
  ["mirror.example", "http://deb.mirror.example/", true],
  [".mirror.example", "http://deb.mirror.example/", true],
  [".mirror.example", "http://mirror.example/", true],
  ["*.mirror.example", "http://deb.mirror.example/", true],
  ["mirror.example", "http://othermirror.example/", false],
  ["mirror.example", "http://mirror.example.org/", false],
  ["a.example, mirror.example", "http://mirror.example/", true],
  ["a.example mirror.example", "http://mirror.example/", true],
  ["mirror.example:8080", "http://mirror.example:8080/", true],
  ["mirror.example:8080", "http://mirror.example/", false],
  ["mirror.example:80", "http://mirror.example/", true],
  ["mirror.example:443", "https://mirror.example/", true],
  ["127.0.0.1", "http://127.0.0.1:3142/", true],
  ["127.0.0.1:3142", "http://127.0.0.1:3142/", true],
  ["127.0.0.1:80", "http://127.0.0.1:3142/", false],
  ["0.0.1", "http://127.0.0.1/", false],
  ["10.0.0.0/8", "http://10.1.2.3/", true],
  ["10.0.0.0/8", "http://11.1.2.3/", false],
  ["10.0.0.0/33", "http://10.1.2.3/", false],
  ["10.0.0.0/8", "http://mirror.example/", false],
  ["::1", "http://[::1]/", true],
  ["[::1]", "http://[::1]/", true],
  ["[::1]:8080", "http://[::1]:8080/", true],
  ["[::1]:8080", "http://[::1]/", false],
  ["0:0:0:0:0:0:0:1", "http://[::1]/", true],
  ["fd00::/8", "http://[fd00::1]/", true],
  ["fd00::/8", "http://[fe80::1]/", false],
  ["a:b:c", "http://a/", false],
];
test.each(table)("NO_PROXY=%s and %s: past the proxy is %s", (list, url, goesDirectly) => {
  expect(noProxyRule(list)(new URL(url))).toBe(goesDirectly);
});
