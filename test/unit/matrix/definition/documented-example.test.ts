import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { parseMatrix } from "../../../../src/matrix/definition/parse-matrix.ts";
import { keyDescriptions } from "../../../../src/matrix/definition/schema/key-descriptions.ts";
import { projectFolder } from "../../../support/project-files.ts";

const page = await readFile(join(projectFolder, "docs/matrix.md"), "utf8");
const example = /^```yaml\n(.*?)^```$/ms.exec(page)?.[1] ?? "";

test("the definition in docs/matrix.md gives the cells that its text promises", async () => {
  const { name, cells, files } = await parseMatrix(example, { path: "matrix.yaml" });
  const rest = "cgroup=v2/iptables=nft/arch=amd64/memory=2048/cpus=2";
  expect(name).toBe("app");
  const ids = [
    ...["5.10/26.1", "6.1/26.1", "6.1/28.5", "6.12-full/26.1", "6.12-full/28.5"].map(
      (pair) => `${pair}/storage-driver=overlay2/${rest}`,
    ),
    ...["6.12-full/26.1", "6.12-full/28.5"].map((pair) => `${pair}/storage-driver=vfs/${rest}`),
  ];
  expect(cells.map(({ id, workload }) => `${id} ${workload.name}`)).toEqual(
    ids.flatMap((id) => ["selftest", "rules", "stack"].map((workload) => `${id} ${workload}`)),
  );
  expect(cells.filter(({ xfail }) => xfail !== undefined)).toEqual([cells[0]]);
  expect(cells[0]).toMatchObject({
    xfail: "needs io_uring's newer calls",
    workload: {
      timeoutMs: 300_000,
      copy: [{ from: resolve("fixtures"), to: "/home/docker/fixtures" }],
      kernelArguments: ["quiet", "panic=5"],
      allowedSplats: ["WARNING: CPU: \\d+ .* lockdep"],
    },
  });
  expect(cells[1]?.workload.runs).toBe("guest");
  expect(files.map(({ path }) => path)).toEqual(
    ["build/app.tar", "fixtures", "build/app.tar", "build/db.tar", "compose.yaml"].map((path) =>
      resolve(path),
    ),
  );
});

test("docs/matrix.md has every key, in its examples and in its text", () => {
  const examples = [...page.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, yaml]) => yaml).join("");
  const text = page.replace(/^```yaml\n.*?^```$/gms, "");
  for (const key of Object.keys(keyDescriptions)) {
    expect(examples, key).toMatch(new RegExp(`^[ -]*${key}:`, "m"));
    expect(text, key).toContain(`\`${key}\``);
  }
});

test("the mistake that docs/matrix.md shows is told at that place", async () => {
  const mistaken = example.replace("timeout:", "timeuot:");
  const [, shown, hint] = /error: (.*) \[INVALID_INPUT\]\n *tsmachine: hint: (.*)/.exec(page) ?? [];
  await expect(parseMatrix(mistaken, { path: "matrix.yaml" })).rejects.toMatchObject({
    message: shown,
    hints: [hint],
  });
});
