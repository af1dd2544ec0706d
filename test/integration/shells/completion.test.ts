// Real shells, which ask the real program.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { run } from "../../../src/host/processes/run.ts";
import { type ProgramOnPath, putProgramOnPath } from "../../support/shells/program-on-path.ts";
import { isOnPath } from "../../support/shells/real-shells.ts";
import { type TypedLine, typeLines } from "../../support/shells/typed-lines.ts";

let program: ProgramOnPath;
let folder: string;
let environment: Readonly<Record<string, string>>;
beforeAll(async () => {
  program = await putProgramOnPath();
  folder = await mkdtemp(join(tmpdir(), "tsmachine-test-"));
  for (const name of ["dev", "web1", "web2"]) {
    await mkdir(join(folder, "store/machines", name), { recursive: true });
  }
  await writeFile(join(folder, "kernel image"), "");
  environment = { PATH: program.PATH, MACHINE_STORAGE_PATH: join(folder, "store"), HOME: folder };
});
afterAll(async () => {
  await program[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const completed = [
  ["tsmachine upg", "tsmachine upgrade "],
  ["tsmachine start d", "tsmachine start dev "],
  ["tsmachine start dev web1 w", "tsmachine start dev web1 web2 "],
  ["tsmachine env --shell f", "tsmachine env --shell fish "],
  ["tsmachine create -d q", "tsmachine create -d qemu "],
  ["tsmachine create --driver=q", "tsmachine create --driver=qemu "],
  ["tsmachine create -d qemu --qemu-m", "tsmachine create -d qemu --qemu-memory "],
  ["tsmachine create -d none --u", "tsmachine create -d none --url "],
  ["tsmachine ls --filter dr", "tsmachine ls --filter driver="],
  ["tsmachine ls --filter state=R", "tsmachine ls --filter state=Running "],
  ["tsmachine scp d", "tsmachine scp dev:"],
  ["tsmachine create --kernel-image ker", "tsmachine create --kernel-image kernel\\ image "],
  ["docker-machine start d", "docker-machine start dev "],
] as const;
const offered = [
  { line: "tsmachine start web", words: ["web1", "web2"] },
  { line: "tsmachine ls --filter state=St", words: ["Stopped", "Stopping", "Starting"] },
] as const;

describe.each(["bash", "zsh"] as const)("completion in '%s'", (shell) => {
  let seen: readonly TypedLine[];
  beforeAll(async () => {
    const script = ["tsmachine", "docker-machine"]
      .map((name) => `source <(${name} completion ${shell})\n`)
      .join("");
    const lines = [...completed.map(([typed]) => typed), ...offered.map(({ line }) => line)];
    seen = await typeLines(lines, { shell, script, folder, environment });
  });

  test.each(completed.map((lines, index) => [...lines, index] as const))(
    "makes of %j %j",
    (_typed, line, index) => expect(seen[index]?.line).toBe(line),
  );

  test.each(offered.map((offer, index) => ({ ...offer, index: completed.length + index })))(
    "offers $words after $line",
    ({ words, index }) => {
      for (const word of words) expect(seen[index]?.screen).toContain(word);
    },
  );
});

const lists = [
  ["tsmachine upg", ["upgrade"]],
  ["tsmachine start dev ", ["web1", "web2"]],
  ["tsmachine create -d ", ["generic", "hyperv", "kvm", "none", "qemu", "virtualbox"]],
  ["tsmachine create --driver=q", ["--driver=qemu"]],
  ["tsmachine create -d qemu --qemu-m", ["--qemu-memory"]],
  ["tsmachine ls --filter state=R", ["state=Running"]],
  ["tsmachine scp d", ["dev:"]],
  ["docker-machine env --shell f", ["fish"]],
] as const;

describe("completion in 'fish'", () => {
  const offers = [
    ...lists,
    ["tsmachine create --kernel-image ker", ["kernel image"]],
    ["tsmachine create --kernel-image=ker", ["--kernel-image=kernel image"]],
  ] as const;
  let answers: readonly string[];
  beforeAll(async () => {
    const script = `
      for name in tsmachine docker-machine; $name completion fish | source; end
      for line in $argv; complete -C $line | string replace -r '\\t.*' ''; printf '\\0'; end`;
    const args = ["--no-config", "-c", script, ...offers.map(([line]) => line)];
    answers = (await run("fish", args, { cwd: folder, environment })).stdout.split("\0");
  });

  test.each(offers.map((offer, index) => [...offer, index] as const))(
    "offers after %j %j",
    (_line, words, index) => expect(answers[index]?.trimEnd().split("\n")).toEqual(words),
  );
});

describe.skipIf(!isOnPath("pwsh"))("completion in 'pwsh'", () => {
  test.each(lists)("offers after %j %j", async (line, words) => {
    const script = `foreach ($name in 'tsmachine', 'docker-machine') { & $name completion powershell | Out-String | Invoke-Expression }
      (TabExpansion2 -inputScript '${line}' -cursorColumn ${line.length}).CompletionMatches.CompletionText`;
    const args = ["-NoProfile", "-NonInteractive", "-Command", script];
    const { stdout } = await run("pwsh", args, { cwd: folder, environment });
    expect(stdout.trimEnd().split(/\r?\n/).sort()).toEqual(words);
  });
});
