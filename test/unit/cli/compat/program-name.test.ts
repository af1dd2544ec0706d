import { describe, expect, it } from "vitest";
import { callByName } from "../../../../src/cli/compat/call-by-name.ts";
import { programNameOf } from "../../../../src/cli/compat/program-name.ts";

describe("the name the program was called by", () => {
  it.each([
    ["/usr/bin/docker-machine", "docker-machine"],
    ["C:\\npm\\node_modules\\tsmachine\\bin\\docker-machine", "docker-machine"],
    ["C:\\tools\\Docker-Machine.EXE", "docker-machine"],
    ["/opt/docker-machine/bin/tsmachine", "tsmachine"],
    ["/usr/bin/docker-machine-driver-x", "tsmachine"],
    ["/clone/src/cli/main.ts", "tsmachine"],
    [undefined, "tsmachine"],
  ])("is, from the path %s, %s", (path, name) => {
    expect(programNameOf(path)).toBe(name);
  });
});

describe("commands in a text", () => {
  it.each([
    ["start it with `tsmachine start dev`", "start it with `docker-machine start dev`"],
    ['run eval "$(tsmachine env dev)"', 'run eval "$(docker-machine env dev)"'],
    ["see tsmachine --help", "see docker-machine --help"],
    ["another version of tsmachine has made it", "another version of tsmachine has made it"],
    ["`npm install -g tsmachine@latest`", "`npm install -g tsmachine@latest`"],
    ["tsmachine-dev has a line", "tsmachine-dev has a line"],
    ["choose a store: ~/.tsmachine import", "choose a store: ~/.tsmachine import"],
    ["read /opt/tsmachine inspect", "read /opt/tsmachine inspect"],
    ["my-tsmachine rm", "my-tsmachine rm"],
  ])("are called as the program was: %s", (text, called) => {
    expect(callByName("docker-machine", text)).toBe(called);
    expect(callByName("tsmachine", text)).toBe(text);
  });
});
