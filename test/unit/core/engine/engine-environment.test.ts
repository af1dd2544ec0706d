import { describe, expect, test } from "vitest";
import {
  engineEnvironment,
  proxyVariables,
} from "../../../../src/core/engine/engine-environment.ts";

test("proxy variables are those that name proxies, in either case, and have a value", () => {
  const found = { HTTP_PROXY: "http://a:1", https_proxy: "b:2", NO_PROXY: "c", no_proxy: "d" };
  const others = { http_proxy: "", HTTPS_PROXY: undefined, ALL_PROXY: "socks5://x", PATH: "/bin" };
  expect(proxyVariables({ ...found, ...others })).toEqual(found);
});

test("a proxy with a line break, which the guest could not read, is none", () => {
  expect(proxyVariables({ HTTP_PROXY: "http://a:1\nLD_PRELOAD=/x" })).toEqual({});
});

describe("the engine's environment", () => {
  const host = { HTTP_PROXY: "http://proxy.example:3128", no_proxy: "localhost,.example" };
  const sources = { given: {}, host, hostLoopback: "10.0.2.2", own: [] };

  test("has the host's proxies and what was given", () => {
    const given = { TEST: "VALUE" };
    expect(engineEnvironment({ ...sources, given })).toEqual({
      variables: { ...host, ...given },
      unreachable: [],
    });
  });

  test.each(["HTTP_PROXY", "http_proxy"])("has %s as it was given, and no other of it", (name) => {
    const given = { [name]: "http://own.example" };
    expect(engineEnvironment({ ...sources, given }).variables).toEqual({
      no_proxy: host.no_proxy,
      ...given,
    });
  });

  test("has no proxy where an empty one was given", () => {
    const given = { http_proxy: "", NO_PROXY: "" };
    expect(engineEnvironment({ ...sources, given }).variables).toEqual(given);
  });

  test.each([
    ["http://localhost:3128", "http://10.0.2.2:3128"],
    ["http://LOCALHOST:3128/", "http://10.0.2.2:3128/"],
    ["http://127.0.0.1:3128", "http://10.0.2.2:3128"],
    ["127.1.2.3:3128", "10.0.2.2:3128"],
    ["http://[::1]:3128", "http://10.0.2.2:3128"],
    ["http://me:p@ss@localhost:3128", "http://me:p@ss@10.0.2.2:3128"],
    ["http://localhost", "http://10.0.2.2"],
    ["http://0.0.0.0:3128", "http://10.0.2.2:3128"],
    ["http://[::]:3128", "http://10.0.2.2:3128"],
    ["http://localhost.example:3128", "http://localhost.example:3128"],
    ["http://127.example:3128", "http://127.example:3128"],
    ["http://localhost:pw@proxy.example:1", "http://localhost:pw@proxy.example:1"],
    ["http://192.0.2.1:3128", "http://192.0.2.1:3128"],
  ])("has the proxy %s of the host as %s", (proxy, seen) => {
    const { variables } = engineEnvironment({ ...sources, host: { HTTPS_PROXY: proxy } });
    expect(variables).toMatchObject({ HTTPS_PROXY: seen });
  });

  test("lacks proxies on the host's loopback address where they cannot be reached", () => {
    const loopback = { HTTP_PROXY: "http://localhost:3128", no_proxy: "127.0.0.1" };
    expect(engineEnvironment({ ...sources, host: loopback, hostLoopback: undefined })).toEqual({
      variables: { no_proxy: "127.0.0.1" },
      unreachable: ["HTTP_PROXY"],
    });
  });

  describe("sends past the proxies what is the machine's own", () => {
    const own = ["dev", "10.0.2.15", "10.0.2.2"];
    const noProxyOf = (host: Record<string, string>, given = {}) =>
      Object.entries(engineEnvironment({ ...sources, host, given, own }).variables).filter(
        ([name]) => /no_proxy/i.test(name),
      );
    const proxy = { https_proxy: "http://proxy.example:3128" };

    test.each([
      ["none", {}, [["NO_PROXY", "dev,10.0.2.15,10.0.2.2"]]],
      ["one", { no_proxy: "a, dev" }, [["no_proxy", "a, dev,10.0.2.15,10.0.2.2"]]],
      [
        "two",
        { no_proxy: "a", NO_PROXY: "b" },
        [
          ["no_proxy", "a,dev,10.0.2.15,10.0.2.2"],
          ["NO_PROXY", "b,dev,10.0.2.15,10.0.2.2"],
        ],
      ],
      ["one that is for all", { NO_PROXY: "*" }, [["NO_PROXY", "*"]]],
    ])("where the host has %s", (_, lists, seen) => {
      expect(noProxyOf({ ...proxy, ...lists })).toEqual(seen);
    });

    test("also when the proxy was given", () => {
      expect(noProxyOf({}, { HTTP_PROXY: "http://own.example" })).toHaveLength(1);
    });

    test("not where there is no proxy, or the list was given", () => {
      expect(noProxyOf({ no_proxy: "a" })).toEqual([["no_proxy", "a"]]);
      expect(noProxyOf({}, { HTTP_PROXY: "" })).toEqual([]);
      expect(noProxyOf(proxy, { NO_PROXY: "" })).toEqual([["NO_PROXY", ""]]);
    });
  });
});
