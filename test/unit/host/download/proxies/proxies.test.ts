import { describe, expect, test } from "vitest";
import { proxiesOf } from "../../../../../src/host/download/proxies/proxies.ts";

const http = "http://mirror.example/debian";
const https = "https://mirror.example/debian";
const basic = (text: string) => `Basic ${Buffer.from(text).toString("base64")}`;

describe("proxiesOf", () => {
  const table: [environment: Record<string, string>, url: string, proxy: string | undefined][] = [
    [{}, http, undefined],
    [{ HTTP_PROXY: "http://proxy.example:3128" }, http, "http://proxy.example:3128"],
    [{ HTTP_PROXY: "http://proxy.example:3128" }, https, undefined],
    [{ HTTPS_PROXY: "http://proxy.example:3128/" }, https, "http://proxy.example:3128"],
    [{ HTTPS_PROXY: "https://proxy.example" }, https, "https://proxy.example"],
    [
      { http_proxy: "http://low.example", HTTP_PROXY: "http://up.example" },
      http,
      "http://low.example",
    ],
    [{ http_proxy: "", HTTP_PROXY: "http://up.example" }, http, "http://up.example"],
    [{ http_proxy: "proxy.example:3128" }, http, "http://proxy.example:3128"],
    [{ http_proxy: "http://proxy.example", no_proxy: "mirror.example" }, http, undefined],
    [{ http_proxy: "http://proxy.example", NO_PROXY: "*" }, http, undefined],
    [{ http_proxy: "http://proxy.example", NO_PROXY: "x" }, http, "http://proxy.example"],
    [{ http_proxy: "http://proxy.example" }, "file:///srv/debian/x", undefined],
  ];
  test.each(table)("with %o leads %s through %s", (environment, url, proxy) => {
    expect(proxiesOf(environment)(url)?.uri).toBe(proxy);
  });

  test.each([
    ["me:secret", basic("me:secret")],
    ["me", basic("me:")],
    ["me:p%40ss%2Fw%C3%B6rd", basic("me:p@ss/wörd")],
    ["me:100%", basic("me:100%")],
  ])("takes name and password %s out of the address", (userinfo, authorization) => {
    const proxy = proxiesOf({ http_proxy: `http://${userinfo}@proxy.example:3128` })(http);
    expect(proxy).toEqual({
      uri: "http://proxy.example:3128",
      variable: "http_proxy",
      authorization,
    });
  });

  test.each(["socks5://me:secret@proxy.example", "http://me:secret@:80", "http://me:secret@a b"])(
    "refuses %s without repeating it",
    (value) => {
      expect(() => proxiesOf({ HTTPS_PROXY: value })(https)).toThrow(
        expect.objectContaining({
          code: "INVALID_INPUT",
          message: "HTTPS_PROXY is not the address of an HTTP proxy",
          hints: [expect.not.stringContaining("secret")],
        }),
      );
    },
  );
});
