import { describe, expect, test } from "vitest";
import {
  type MachineLocation,
  parseLocation,
  parseMachineLocation,
  requireUserName,
} from "../../../../../src/cli/commands/ssh/location.ts";

const local = (path: string) => ({ kind: "local", path });
const remote = (machine: string, path: string, user?: string): MachineLocation => ({
  ...{ kind: "machine", machine, path, user },
});

describe("one end of a copy", () => {
  test.each([
    ["/tmp/x", local("/tmp/x")],
    ["x", local("x")],
    ["dev:/tmp/x", remote("dev", "/tmp/x")],
    ["dev:", remote("dev", ".")],
    ["dev:~", remote("dev", ".")],
    ["dev:~/x", remote("dev", "x")],
    ["dev:~other/x", remote("dev", "~other/x")],
    ["root@dev-1.x:a:b", remote("dev-1.x", "a:b", "root")],
    ["./dev:x", local("./dev:x")],
    ["/a/b:c", local("/a/b:c")],
    ["localhost:/x", local("/x")],
    ["localhost:", local(".")],
    ["C:\\Users\\x", local("C:\\Users\\x")],
    ["C:/x", remote("C", "/x")],
    ["dev:a\nb", remote("dev", "a\nb")],
  ])("%j is %o", (text, expected) => {
    expect(parseLocation(text, "linux")).toEqual(expected);
  });

  test.each(["C:\\x", "C:/x", "c:x", "D:"])("%j is a path on Windows", (text) => {
    expect(parseLocation(text, "win32")).toEqual(local(text));
  });
});

test.each([
  ["dev:/srv", remote("dev", "/srv")],
  ["/srv", remote("default", "/srv")],
])("what is to be mounted: %j is %o", (text, expected) => {
  expect(parseMachineLocation(text, "linux")).toEqual(expected);
});

test("a user's name that programs would take for an option is refused", () => {
  expect(() => requireUserName(remote("dev", "", "-oProxyCommand=x"))).toThrow(
    '"-oProxyCommand=x" cannot be the name of a user',
  );
  requireUserName(remote("dev", "", "first.last"));
  requireUserName(remote("dev", ""));
});
