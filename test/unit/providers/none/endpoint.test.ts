import { describe, expect, test } from "vitest";
import { endpointAt } from "../../../../src/providers/none/endpoint.ts";

describe("the endpoint of a URL", () => {
  test.each([
    ["tcp://127.0.0.1:2375", { address: "127.0.0.1", dockerPort: 2375 }],
    ["tcp://engine.example", { address: "engine.example", dockerPort: 2376 }],
    ["tcp://[2001:db8::1]:2376", { address: "2001:db8::1", dockerPort: 2376 }],
    ["https://engine.example", { address: "engine.example", dockerPort: 443 }],
    ["http://engine.example:80", { address: "engine.example" }],
    ["tcp://127.0.0.1:0", { address: "127.0.0.1" }],
    ["unix:///var/run/docker.sock", { address: "" }],
    ["none", { address: "" }],
    ["url with spaces", { address: "" }],
  ])("%s is kept as it was given", (engineUrl, endpoint) => {
    expect(endpointAt(engineUrl)).toEqual({ ...endpoint, engineUrl });
  });
});
