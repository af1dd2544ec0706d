import { cp, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { build } from "esbuild";
import { projectFolder } from "../project-files.ts";

/** The program under both of its names, built apart from the repository's own dist/. */
export interface ProgramOnPath {
  /** Has the folder of its names first, and Node's. */
  readonly PATH: string;
  [Symbol.asyncDispose](): Promise<void>;
}

export async function putProgramOnPath(): Promise<ProgramOnPath> {
  const folder = await mkdtemp(join(tmpdir(), "tsmachine-program-"));
  await cp(join(projectFolder, "bin"), join(folder, "bin"), { recursive: true });
  for (const name of ["node_modules", "package.json", "templates"]) {
    await symlink(join(projectFolder, name), join(folder, name));
  }
  await build({
    entryPoints: [join(projectFolder, "src/cli/main.ts")],
    outdir: join(folder, "dist"),
    define: { TSMACHINE_VERSION: '"0.0.0-test"' },
    ...{ bundle: true, splitting: true, packages: "external", logLevel: "error" },
    ...{ platform: "node", format: "esm", target: "node20" },
  });
  return {
    PATH: [join(folder, "bin"), dirname(process.execPath), process.env.PATH].join(delimiter),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}
