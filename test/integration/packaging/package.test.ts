// The package as users get it: packed, installed elsewhere, called from there.
import { cp, mkdir, symlink } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { type RunOptions, type RunResult, run } from "../../../src/host/processes/run.ts";
import { projectFolder } from "../../support/project-files.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

/** A user with an empty home folder. */
async function newUser(): Promise<{ home: string; call: Call }> {
  const home = await temporaryDirectory();
  const call: Call = (program, args, options) =>
    run(program, args, {
      cwd: home,
      timeoutMs: 4 * 60_000,
      environment: {
        HOME: home,
        PATH: [dirname(process.execPath), process.env.PATH].join(delimiter),
        TSMACHINE_STORAGE_PATH: undefined,
      },
      ...options,
    });
  return { home, call };
}

type Call = (
  program: string,
  args: readonly string[],
  options?: Pick<RunOptions, "cwd" | "acceptExitCodes">,
) => Promise<RunResult>;

/** A clone with its packages, never built: the tests' own dist/ stays as it is. */
async function clone(): Promise<string> {
  const folder = join(await temporaryDirectory(), "clone");
  await mkdir(folder);
  const sources = ["bin", "docs", "package.json", "scripts", "src", "templates", "test"];
  for (const name of [...sources, "LICENSE", "README.md"]) {
    await cp(join(projectFolder, name), join(folder, name), { recursive: true });
  }
  await symlink(join(projectFolder, "node_modules"), join(folder, "node_modules"));
  return folder;
}

const packedSchema = z.tuple([
  z.object({ filename: z.string(), files: z.array(z.object({ path: z.string() })) }),
]);

/** The tarball's path, and the paths of the files in it. */
async function pack() {
  const { home, call } = await newUser();
  const { stdout } = await call("npm", ["pack", "--json", "--pack-destination", home], {
    cwd: await clone(),
  });
  const [{ filename, files }] = packedSchema.parse(JSON.parse(stdout));
  return { tarball: join(home, filename), paths: files.map(({ path }) => path) };
}

describe("npm pack", () => {
  test("takes the program, what it reads and what users read, and nothing else", async () => {
    const { paths } = await pack();
    const tops = new Set(paths.map((path) => path.split("/")[0]));
    expect([...tops].sort()).toEqual(
      ["LICENSE", "README.md", "bin", "dist", "docs", "package.json", "templates"].sort(),
    );
    expect(paths).toContain("dist/main.cjs");
    // Of the Node.js that has packed, which is hardly ever the user's.
    expect(paths.filter((path) => path.endsWith(".cache"))).toEqual([]);
    expect(paths).toContain("templates/recipes/engine.json");
  });

  test("gives a tarball that installs and runs elsewhere", async () => {
    const { tarball } = await pack();
    const { home, call } = await newUser();
    await call("npm", ["install", "--global", "--prefix", home, tarball]);
    await expectToRun(join(home, "bin/tsmachine"), call);
    const version = (await call(join(home, "bin/docker-machine"), ["version"])).stdout;
    expect(version).toMatch(/^docker-machine version \d/);
  });
});

test("npm install -g puts a built clone on PATH", async () => {
  const { home, call } = await newUser();
  const folder = await clone();
  await call(process.execPath, ["scripts/build.mjs"], { cwd: folder });
  await call("npm", ["install", "--global", "--prefix", home, "."], { cwd: folder });
  await expectToRun(join(home, "bin/tsmachine"), call);
});

async function expectToRun(program: string, call: Call): Promise<void> {
  expect((await call(program, ["version"])).stdout).toMatch(/^tsmachine version \d+\.\d+\.\d+\n$/);
  expect((await call(program, ["--help"])).stdout).toContain("create a machine");
  // 1: this host has no QEMU, which doctor finds out all the same.
  const doctor = await call(program, ["doctor", "--json"], { acceptExitCodes: [0, 1] });
  expect(JSON.parse(doctor.stdout)).toContainEqual(expect.objectContaining({ check: "Node.js" }));
}
