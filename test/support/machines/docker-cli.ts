import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { readContent } from "../../../src/bytes/content.ts";
import { findProgram } from "../../../src/host/processes/find-program.ts";
import { openArchive } from "../../../src/iso/debian/archive.ts";
import { unpackDeb } from "../../../src/iso/unpack/unpack-deb.ts";
import { reachableMirror } from "../debian/live-mirror.ts";
import { packageDirectory } from "./tsmachine.ts";

/** The docker CLI of this host; where there is none, Debian's, unpacked below the cache. */
export async function provideDockerCli(cacheDirectory: string): Promise<string> {
  const { env: environment, platform } = process;
  const present = await findProgram("docker", { environment, platform });
  return present ?? fetchDockerCli({ cacheDirectory, directory: join(cacheDirectory, "programs") });
}

/**
 * Takes the docker CLI from Debian by the path that images take: signature, hashes, package.
 * @returns the program's path in `directory`
 */
export async function fetchDockerCli({
  cacheDirectory,
  directory,
}: {
  cacheDirectory: string;
  directory: string;
}): Promise<string> {
  const mirror = await reachableMirror();
  if (mirror === undefined) throw new Error("no Debian mirror answers");
  const { suite, packageName } = sourceFor(hostGlibcVersion());
  const signal = AbortSignal.timeout(5 * 60_000);
  const archive = await openArchive({
    ...{ mirrors: [mirror], suite, cacheDirectory, signal, now: new Date(), report: () => {} },
    architecture: process.arch === "arm64" ? "arm64" : "amd64",
    keysDirectory: join(packageDirectory, "templates/keys"),
  });
  const all = archive.resolve({ wanted: [packageName], without: [] });
  const [fetched] = await archive.fetch(all.filter(({ name }) => name === packageName));
  if (fetched === undefined) throw new Error(`${suite} has no package ${packageName}`);
  await mkdir(directory, { recursive: true });
  const keep = (path: string) => path === "usr/bin/docker";
  const spoolPath = join(directory, "docker.spool");
  const entry = (await unpackDeb({ path: fetched.path, spoolPath, keep, signal })).get(
    "usr/bin/docker",
  );
  if (entry?.type !== "file") throw new Error(`${packageName} holds no docker CLI`);
  const program = join(directory, "docker");
  await writeFile(program, await readContent(entry.content));
  await chmod(program, 0o755);
  return program;
}

/** Debian split the CLI from docker.io in trixie, whose programs need glibc 2.41. */
function sourceFor([major, minor]: readonly [number, number]) {
  const runsTrixie = major > 2 || (major === 2 && minor >= 41);
  return runsTrixie
    ? { suite: "trixie", packageName: "docker-cli" }
    : { suite: "bookworm", packageName: "docker.io" };
}

const reportSchema = z.object({
  header: z.object({ glibcVersionRuntime: z.string().regex(/^\d+\.\d+/) }),
});

function hostGlibcVersion(): readonly [number, number] {
  const { header } = reportSchema.parse(process.report.getReport());
  const [major = 0, minor = 0] = header.glibcVersionRuntime.split(".").map(Number);
  return [major, minor];
}
