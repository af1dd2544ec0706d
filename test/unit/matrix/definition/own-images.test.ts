import { expect, test } from "vitest";
import { parseMatrix } from "../../../../src/matrix/definition/parse-matrix.ts";

const parse = (own: string) =>
  parseMatrix(
    `kernel: [mine, 6.1]\nengine: 26.1\nworkloads:\n  - name: one\n    run: [docker, info]\n${own}`,
    { path: "/project/matrix.yaml" },
  );
const sha256 = "0123456789abcdef".repeat(4);

test("a kernel's files are found from the definition's folder", async () => {
  const { kernels, files } = await parse(
    "kernels:\n  mine: {image: bzImage, modules: out, config: .config}\n",
  );
  expect(kernels).toEqual({
    mine: {
      kind: "files",
      files: {
        image: "/project/bzImage",
        modules: "/project/out",
        config: "/project/.config",
      },
    },
  });
  expect(files.map(({ path }) => path)).toEqual(
    expect.arrayContaining(["/project/bzImage", "/project/out", "/project/.config"]),
  );
});

test("a kernel may be packages, and an engine an archive or a URL", async () => {
  const { kernels, engines, files } = await parse(
    `kernels:\n  mine: {packages: [a.deb, b.deb]}\nengines:\n  one: {archive: d.tgz}\n  two: {archive: "https://docker.example/d.tgz", sha256: ${sha256}}\n`,
  );
  expect(kernels).toEqual({
    mine: { kind: "packages", paths: ["/project/a.deb", "/project/b.deb"] },
  });
  expect(engines).toEqual({
    one: { kind: "archive", archive: { kind: "file", path: "/project/d.tgz" } },
    two: {
      kind: "archive",
      archive: { kind: "url", url: "https://docker.example/d.tgz", sha256 },
    },
  });
  expect(files.map(({ path }) => path)).toEqual([
    ...["/project/a.deb", "/project/b.deb", "/project/d.tgz"],
  ]);
});

test.each([
  ["kernels:\n  mine: {image: bzImage}\n", /matrix\.yaml:7:\d+: .*a part of the kernel is missing/],
  ["kernels:\n  mine: {image: a, modules: b, packages: c}\n", /7:\d+: .*packages and files/],
  ["engines:\n  mine: {archive: http://docker.example/d.tgz}\n", /7:\d+: .*needs its sha256/],
  [`engines:\n  mine: {archive: a.tgz, sha256: abc}\n`, /7:\d+: .*is no SHA-256/],
  ["kernels:\n  mine: {imge: bzImage}\n", /7:\d+: .*did you mean "image"/],
])("%s is refused at its place", async (own, message) => {
  await expect(parse(own)).rejects.toThrow(message);
});
