import { Command } from "commander";
import { expect, test } from "vitest";
import { readGoFlags } from "../../../../src/cli/flags/go-flags.ts";

const command = () =>
  new Command()
    .option("-d, --driver <DRIVER>")
    .option("-f, --force")
    .option("--no-context")
    .option("--engine-opt <OPTION>");

test.each([
  { given: ["-driver", "none", "a"], read: ["--driver", "none", "a"] },
  { given: ["-driver=none", "--driver=none"], read: ["--driver=none", "--driver=none"] },
  { given: ["-d=none", "-d="], read: ["--driver=none", "--driver="] },
  { given: ["a", "-force", "b"], read: ["a", "--force", "b"] },
  { given: ["--force=true", "-f=T", "-f=1"], read: ["--force", "-f", "-f"] },
  { given: ["a", "--force=false", "-f=0"], read: ["a"] },
  { given: ["-no-context"], read: ["--no-context"] },
])("$given is read as $read, as Go's flag package did", ({ given, read }) => {
  expect(readGoFlags(command(), given)).toEqual(read);
});

test.each([
  { words: ["-d", "none", "-f", "--force", "-", ""] },
  { words: ["-dnone", "-fd", "none"] },
  { words: ["--nonsense=true", "-nonsense", "--force=maybe"] },
  { words: ["--engine-opt", "-driver", "-d", "-f=true"] },
  { words: ["--", "-driver", "none"] },
  { words: ["--driver"] },
])("$words stay as they are", ({ words }) => {
  expect(readGoFlags(command(), words)).toEqual(words);
});

test("words behind a subcommand are left to it", () => {
  const program = command();
  program.command("ssh");
  expect(readGoFlags(program, ["-force", "ssh", "-driver"])).toEqual(["--force", "ssh", "-driver"]);
});
