import { describe, expect, test } from "vitest";
import { parseSubjectName, serverSubjectNames } from "../../../src/certs/subject-names.ts";

const valid = [
  { given: "127.0.0.1", type: "ip", value: "127.0.0.1" },
  { given: "0:0:0:0:0:0:0:1", type: "ip", value: "::1" },
  { given: "2001:DB8::0001", type: "ip", value: "2001:db8::1" },
  { given: "localhost", type: "dns", value: "localhost" },
  { given: "Docker.Example", type: "dns", value: "docker.example" },
  { given: "*.docker.example", type: "dns", value: "*.docker.example" },
  { given: "build_1", type: "dns", value: "build_1" },
  { given: "xn--mller-kva.example", type: "dns", value: "xn--mller-kva.example" },
  { given: "1.2", type: "dns", value: "1.2" },
];

const invalid = [
  "",
  "192.168.1.300",
  "fe80::1%eth0",
  "two words",
  "-leading.example",
  "double..dot",
  "trailing.",
  "a.*.example",
  "müller.example",
  "https://docker.example",
  `${"a".repeat(64)}.example`,
  `${"a.".repeat(130)}example`,
];

describe("parseSubjectName", () => {
  test.each(valid)("reads $given as the $type name $value", ({ given, type, value }) => {
    expect(parseSubjectName(given)).toEqual({ type, value });
  });

  test.each(invalid)("refuses %j", (given) => {
    expect(() => parseSubjectName(given)).toThrow(
      expect.objectContaining({ code: "INVALID_INPUT", message: expect.stringContaining(given) }),
    );
  });
});

describe("serverSubjectNames", () => {
  test("lists loopback, the machine and the user's own names, each once", () => {
    const names = serverSubjectNames({
      name: "Dev",
      address: "127.0.0.1",
      tlsSans: ["docker.example", "0::1", "192.0.2.7"],
    });
    expect(names).toEqual(["127.0.0.1", "::1", "localhost", "dev", "docker.example", "192.0.2.7"]);
  });

  test("names the wrong one among the user's own", () => {
    const machine = { name: "dev", address: "192.0.2.1", tlsSans: ["good.example", "bad name"] };
    expect(() => serverSubjectNames(machine)).toThrow(/"bad name" is neither/);
  });
});
