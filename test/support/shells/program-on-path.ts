import { cp, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { buildProgram } from "../../../scripts/build/build-program.ts";
import { projectFolder } from "../project-files.ts";

/** The program under both of its names, built apart from the repository's own dist/. */
export interface ProgramOnPath {
  /** The package's folder, with bin/ and dist/ in it. */
  readonly folder: string;
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
  await buildProgram({
    packageFolder: projectFolder,
    outputFolder: join(folder, "dist"),
    version: "0.0.0-test",
  });
  return {
    folder,
    PATH: [join(folder, "bin"), dirname(process.execPath), process.env.PATH].join(delimiter),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}
