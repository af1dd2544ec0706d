import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { Command } from "commander";
import { describe, expect, test } from "vitest";
import type { ProcessParts } from "../../../../src/cli/cli.ts";
import { commandTable } from "../../../../src/cli/command-table.ts";
import { isKnownValue } from "../../../../src/cli/completion/value-sources.ts";
import { createCli } from "../../../../src/cli/create-cli.ts";
import { readGlobalOptions } from "../../../../src/cli/flags/global-options.ts";
import { runProgram } from "../../../../src/cli/program.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";
import { recordedParts } from "../../../support/worlds/cli-parts.ts";

async function storeWith(...names: string[]): Promise<string> {
  const store = await temporaryDirectory();
  for (const name of names) await mkdir(join(store, "machines", name), { recursive: true });
  return store;
}

/** The lines that shells read, of a store with the machines dev, web1 and web2. */
async function answer(words: readonly string[], { environment = {}, ...others }: Changes = {}) {
  const MACHINE_STORAGE_PATH = await storeWith("dev", "web1", "web2");
  const parts = recordedParts({ environment: { MACHINE_STORAGE_PATH, ...environment }, ...others });
  const status = await runProgram(["__complete", "--", ...words], parts);
  expect([status, parts.complained()]).toEqual([0, ""]);
  return parts.printed().split("\n").slice(0, -1);
}
type Changes = Partial<ProcessParts>;

const wordsOf = (lines: readonly string[]) => lines.map((line) => line.split("\t")[0]);

describe("completion offers", () => {
  test.each([
    { words: ["sta"], offers: ["start", "status"] },
    { words: ["help", "crea"], offers: ["create"] },
    { words: ["__c"], offers: [] },
    { words: ["nonsense", ""], offers: [] },
    { words: ["start", ""], offers: ["dev", "web1", "web2"] },
    { words: ["start", "web1", "w"], offers: ["web2"] },
    { words: ["url", "dev", ""], offers: [] },
    { words: ["-q", "start", "d"], offers: ["dev"] },
    { words: ["--storage-path=/nowhere", "start", ""], offers: [] },
    { words: ["-s", "/nowhere", "start", ""], offers: [] },
    { words: ["--storage-path", "/no"], offers: [":files"] },
    { words: ["create", ""], offers: [] },
    { words: ["--nat"], offers: ["--native-ssh"] },
    { words: ["ls", "-"], offers: ["--quiet", "--filter", "--timeout", "--format", "--json"] },
    { words: ["rm", "-"], offers: ["--force", "-y", "--json"] },
    { words: ["rm", "--", "-"], offers: [] },
    { words: ["create", "--kvm-m"], offers: ["--kvm-memory"] },
    { words: ["create", "--qemu-m"], offers: [] },
    { words: ["create", "-d", "qemu", "--qemu-m"], offers: ["--qemu-memory"] },
    { words: ["create", "--driver=none", "--u"], offers: ["--url"] },
    { words: ["create", "--arch", "nonsense", "--kvm-m"], offers: ["--kvm-memory"] },
    { words: ["create", "--driver", "q"], offers: ["qemu"] },
    { words: ["create", "--driver=q"], offers: ["--driver=qemu"] },
    { words: ["create", "--arch", ""], offers: ["amd64", "arm64"] },
    { words: ["create", "--kvm-boot", "i"], offers: ["iso"] },
    { words: ["create", "--kvm-memory", ""], offers: [] },
    { words: ["create", "--lock", ""], offers: [":files"] },
    { words: ["env", "--shell", "z"], offers: ["zsh"] },
    { words: ["completion", "f"], offers: ["fish"] },
    { words: ["ls", "--filter", "s"], offers: ["state=", "swarm="] },
    { words: ["ls", "--filter", "driver=n"], offers: ["driver=none"] },
    { words: ["ls", "--filter=state=R"], offers: ["--filter=state=Running"] },
    { words: ["ls", "--filter", "label="], offers: [] },
    { words: ["scp", "d"], offers: ["dev:", ":files"] },
    { words: ["iso", "b"], offers: ["build"] },
    { words: ["iso", "inspect", "--lo"], offers: ["--lock"] },
  ])("after $words: $offers", async ({ words, offers }) => {
    expect(wordsOf(await answer(words)).filter((word) => word !== "--help")).toEqual(offers);
  });

  test("the flags of the driver that MACHINE_DRIVER names", async () => {
    const lines = await answer(["create", "--qemu-m"], {
      environment: { MACHINE_DRIVER: "qemu" },
    });
    expect(wordsOf(lines)).toEqual(["--qemu-memory"]);
  });

  test("descriptions behind a tab, where there are some", async () => {
    expect(await answer(["stat"])).toEqual(["status\tprint a machine's state"]);
  });

  test("the same under the name docker-machine", async () => {
    expect(await answer(["start", "d"], { programName: "docker-machine" })).toEqual(["dev"]);
  });

  test("a new word where the shell cannot hand over an empty one", async () => {
    const MACHINE_STORAGE_PATH = await storeWith("dev");
    const parts = recordedParts({ environment: { MACHINE_STORAGE_PATH } });
    await runProgram(["__complete", "--new-word", "--", "start"], parts);
    expect(parts.printed()).toBe("dev\n");
  });
});

test("the help does not show what only scripts ask", async () => {
  const parts = recordedParts();
  await runProgram(["--help"], parts);
  expect(parts.printed()).not.toContain("__complete");
});

/** Values that only the user can know, or that only a network could tell. */
const free = [
  ...[
    "ADDRESS",
    "CIDR",
    "DURATION",
    "FOLDER:NAME",
    "HASH",
    "HOST",
    "IMAGE",
    "KEY",
    "KEY=VALUE",
    "LIST",
    "MAC",
    "MiB",
    "NAME",
    "NAME=VALUE",
    "NUMBER",
    "PART",
    "REGEX",
  ],
  ...[
    "SECONDS",
    "SWITCH",
    "TEMPLATE",
    "TIME",
    "URL",
    "VALUE",
    "VERSION",
    "WORD",
    "cell",
    "kernel",
    "keys",
  ],
  ...["label", "new-name", "words"],
];

test("every value that a command takes is completed by its name, or known to be free", async () => {
  const parts = recordedParts();
  const globals = readGlobalOptions(new Command(), parts);
  const names = new Set<string>();
  for (const [name, { load }] of Object.entries(commandTable)) {
    const cli = createCli(parts, { command: name, globals, endWith: () => {} });
    for (const value of valueNames(await (await load())(cli))) names.add(value);
  }
  expect([...names].filter((name) => !isKnownValue(name)).sort()).toEqual(free);
});

function valueNames(command: Command): string[] {
  return [
    ...command.registeredArguments
      .filter(({ argChoices }) => argChoices === undefined)
      .map((argument) => argument.name()),
    ...command.options
      .filter(({ argChoices }) => argChoices === undefined)
      .flatMap(({ flags }) => /<(.+)>/.exec(flags)?.[1] ?? []),
    ...command.commands.flatMap(valueNames),
  ];
}
