import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { TsmachineError } from "../../../../src/errors/tsmachine-error.ts";
import { archiveOf, archiveUri } from "../../../../src/iso/debian/mirrors/archive-uri.ts";
import {
  mirrorCandidates,
  readOfficialMirrors,
} from "../../../../src/iso/debian/mirrors/candidates.ts";
import {
  askMirrors,
  type Mirror,
  type RetrySettings,
} from "../../../../src/iso/debian/mirrors/mirror.ts";
import { parseMirror } from "../../../../src/iso/debian/mirrors/parse-mirror.ts";

const readAptSources = async () => ({
  uris: ["http://apt.example/debian"],
  securityUris: ["http://security.example/debian-security"],
});
const official = [
  { uri: "http://official.example/debian", securityUri: "http://sec.example/debian-security" },
  { uri: "http://apt.example/debian" },
];
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
      { uri, securityUri: `${uri}-security`, origin },
    ]);
  });

  test("takes a mirror in a folder of this host", async () => {
    expect(
      await mirrorCandidates({ option: "file:///srv/debian", readAptSources, official }),
    ).toEqual([
      {
        uri: "file:///srv/debian",
        securityUri: "file:///srv/debian-security",
        origin: "from --mirror",
      },
    ]);
  });

  test("otherwise takes apt's own mirrors, then official ones, each once", async () => {
    expect(await mirrorCandidates({ readAptSources, official })).toEqual([
      {
        uri: "http://apt.example/debian",
        securityUri: "http://security.example/debian-security",
        origin: "from this host's apt sources",
      },
      {
        uri: "http://official.example/debian",
        securityUri: "http://sec.example/debian-security",
        origin: "an official mirror",
      },
    ]);
  });

  test("can read the list of official mirrors that is delivered", async () => {
    const listed = await readOfficialMirrors(
      join(import.meta.dirname, "../../../../templates/mirrors.json"),
    );
    const candidates = await mirrorCandidates({
      readAptSources: async () => ({ uris: [], securityUris: [] }),
      official: listed,
    });
    expect(candidates.map(({ uri, securityUri }) => ({ uri, securityUri }))).toEqual(listed);
  });
});

describe("archiveUri", () => {
  const mirror = parseMirror("http://mirror.example/debian", "from --mirror");

  test.each([
    ["trixie", "http://mirror.example/debian"],
    ["trixie-updates", "http://mirror.example/debian"],
    ["trixie-security", "http://mirror.example/debian-security"],
  ])("finds %s at %s", (suite, uri) => {
    expect(archiveUri(mirror, archiveOf(suite))).toBe(uri);
  });

  test("refuses a security suite of a mirror that is not known to have one", () => {
    const other = parseMirror("http://mirror.example/copy", "from --mirror");
    expect(() => archiveUri(other, "debian-security")).toThrow(
      expect.objectContaining({
        code: "SUITE_MISSING",
        message: "no security archive is known for http://mirror.example/copy",
      }),
    );
  });
});

test.each([
  "ftp://mirror.example/debian",
  "mirror.example",
  "http://u:p@mirror.example/debian",
  "http://mirror.example/?x",
  "file://mirror.example/srv/debian",
])("parseMirror refuses %s without repeating it", (uri) => {
  expect(() => parseMirror(uri, "from --mirror")).toThrow(
    expect.objectContaining({
      code: "INVALID_INPUT",
      message:
        "the Debian mirror from --mirror is not an http, https or file address without password and query",
    }),
  );
});

describe("askMirrors", () => {
  const mirrors: Mirror[] = ["a", "b", "c"].map((name) => ({
    uri: `http://${name}.example/debian`,
    origin: "an official mirror",
  }));
  const failure = (code: TsmachineError["code"], context = {}) =>
    new TsmachineError(code, `it is ${code}`, { context });

  const impatient: RetrySettings = { delaysMs: [] };
  function asker(broken: Record<string, TsmachineError>, retry = impatient) {
    const lines: string[] = [];
    const asked: string[] = [];
    const warnings: string[] = [];
    const report = (line: string, weight?: "warning") => {
      lines.push(line);
      if (weight === "warning") warnings.push(line);
    };
    const { signal } = new AbortController();
    const ask = askMirrors({ mirrors, report, retry, signal });
    const attempt = async ({ uri }: Mirror) => {
      const name = uri.charAt("http://".length);
      asked.push(name);
      if (broken[name]) throw broken[name];
      return name;
    };
    return { ask: () => ask(attempt), lines, warnings, asked };
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

  test.each([
    "DOWNLOAD_CORRUPT",
    "RELEASE_EXPIRED",
    "RELEASE_INVALID",
    "RELEASE_ROLLBACK",
    "SERVER_UNTRUSTED",
  ] as const)("goes on to the next mirror at %s, with a warning", async (code) => {
    const { ask, warnings } = asker({ a: failure(code) });
    expect(await ask()).toBe("b");
    expect(warnings).toEqual([expect.stringContaining("a.example/debian (an official mirror)")]);
  });

  test("asks all again after a while when a failure may pass by itself", async () => {
    const broken: Record<string, TsmachineError> = {
      a: failure("SUITE_MISSING"),
      b: failure("NETWORK_UNREACHABLE", { systemCode: "ECONNREFUSED" }),
      c: failure("RELEASE_EXPIRED"),
    };
    const sleep = async () => void delete broken.b;
    const { ask, lines } = asker(broken, { sleep });
    expect(await ask()).toBe("b");
    expect(lines.at(-1)).toMatch(
      /b\.example.* it is NETWORK_UNREACHABLE; .*; trying again in 1 s$/,
    );
  });

  test("does not wait when every mirror has refused for good", async () => {
    const error = failure("RELEASE_EXPIRED");
    const sleep = async () => {
      throw new Error("slept");
    };
    const { ask } = asker({ a: error, b: error, c: error }, { sleep });
    await expect(ask()).rejects.toMatchObject({ code: "RELEASE_EXPIRED" });
  });

  test.each([
    ["what a mirror has that was refused", failure("SERVER_UNTRUSTED"), "SERVER_UNTRUSTED"],
    ["what a mirror may have later", failure("TIMEOUT"), "TIMEOUT"],
    ["what none has", failure("SUITE_MISSING"), "SUITE_MISSING"],
  ] as const)("says that nothing is missing but %s", async (_, a, code) => {
    const missing = failure("SUITE_MISSING");
    await expect(asker({ a, b: missing, c: missing }).ask()).rejects.toMatchObject({ code });
    await expect(asker({ a: missing, b: missing, c: a }).ask()).rejects.toMatchObject({ code });
  });

  test("names every mirror when all have failed", async () => {
    const { ask } = asker({
      a: failure("TIMEOUT"),
      b: failure("DOWNLOAD_CORRUPT"),
      c: failure("DOWNLOAD_FAILED"),
    });
    await expect(ask()).rejects.toMatchObject({
      code: "TIMEOUT",
      message: expect.stringMatching(/a\.example.* TIMEOUT; .*b\.example.*; .*c\.example/),
      hints: [expect.stringContaining("--mirror")],
    });
  });
});
