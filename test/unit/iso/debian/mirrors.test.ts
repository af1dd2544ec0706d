import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { TsmachineError } from "../../../../src/errors/tsmachine-error.ts";
import {
  mirrorCandidates,
  readOfficialMirrors,
} from "../../../../src/iso/debian/mirrors/candidates.ts";
import { askMirrors, type Mirror, parseMirror } from "../../../../src/iso/debian/mirrors/mirror.ts";

const readAptSources = async () => ["http://apt.example/debian"];
const official = ["http://official.example/debian", "http://apt.example/debian"];
const all = {
  option: "http://option.example/debian/",
  environment: "http://environment.example/debian",
  configured: "http://configured.example/debian",
};

describe("mirrorCandidates", () => {
  test.each([
    [all, "http://option.example/debian", "from --mirror"],
    [
      { ...all, option: undefined },
      "http://environment.example/debian",
      "from TSMACHINE_DEBIAN_MIRROR",
    ],
    [
      { configured: all.configured, environment: "" },
      "http://configured.example/debian",
      "from the configuration file",
    ],
  ])("takes only the mirror the user named: %o", async (named, uri, origin) => {
    expect(await mirrorCandidates({ ...named, readAptSources, official })).toEqual([
      { uri, origin },
    ]);
  });

  test("otherwise takes apt's own mirrors, then official ones, each once", async () => {
    expect(await mirrorCandidates({ readAptSources, official })).toEqual([
      { uri: "http://apt.example/debian", origin: "from this host's apt sources" },
      { uri: "http://official.example/debian", origin: "an official mirror" },
    ]);
  });

  test("can read the list of official mirrors that is delivered", async () => {
    const uris = await readOfficialMirrors(
      join(import.meta.dirname, "../../../../templates/mirrors.json"),
    );
    expect(uris.map((uri) => parseMirror(uri, "an official mirror").uri)).toEqual(uris);
  });
});

test.each([
  "ftp://mirror.example/debian",
  "mirror.example",
  "http://u:p@mirror.example/debian",
  "http://mirror.example/?x",
])("parseMirror refuses %s without repeating it", (uri) => {
  expect(() => parseMirror(uri, "from --mirror")).toThrow(
    expect.objectContaining({
      code: "INVALID_INPUT",
      message:
        "the Debian mirror from --mirror is not an http or https address without password and query",
    }),
  );
});

describe("askMirrors", () => {
  const mirrors: Mirror[] = ["a", "b", "c"].map((name) => ({
    uri: `http://${name}.example/debian`,
    origin: "an official mirror",
  }));
  const failure = (code: TsmachineError["code"]) => new TsmachineError(code, `it is ${code}`);

  function asker(broken: Readonly<Record<string, TsmachineError>>) {
    const lines: string[] = [];
    const asked: string[] = [];
    const ask = askMirrors({ mirrors, report: (line) => lines.push(line) });
    const attempt = async ({ uri }: Mirror) => {
      const name = uri.charAt("http://".length);
      asked.push(name);
      if (broken[name]) throw broken[name];
      return name;
    };
    return { ask: () => ask(attempt), lines, asked };
  }

  test("goes on to the next mirror and says why, once", async () => {
    const { ask, lines, asked } = asker({ a: failure("NETWORK_UNREACHABLE") });
    expect(await ask()).toBe("b");
    expect(await ask()).toBe("b");
    expect(asked).toEqual(["a", "b", "b"]);
    expect(lines).toEqual([
      "Debian mirror http://a.example/debian (an official mirror) failed: it is NETWORK_UNREACHABLE",
    ]);
  });

  test("ends at once at a failure that is not the mirror's reach", async () => {
    const error = failure("SIGNATURE_INVALID");
    const { ask, asked } = asker({ a: error });
    await expect(ask()).rejects.toBe(error);
    expect(asked).toEqual(["a"]);
  });

  test("names every mirror when all have failed", async () => {
    const { ask } = asker({
      a: failure("TIMEOUT"),
      b: failure("DOWNLOAD_CORRUPT"),
      c: failure("DOWNLOAD_FAILED"),
    });
    await expect(ask()).rejects.toMatchObject({
      code: "DOWNLOAD_FAILED",
      message: expect.stringMatching(/a\.example.* TIMEOUT; .*b\.example.*; .*c\.example/),
      hints: [expect.stringContaining("--mirror")],
    });
  });
});
