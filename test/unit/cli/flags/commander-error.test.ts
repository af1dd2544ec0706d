import { Command, CommanderError } from "commander";
import { describe, expect, it } from "vitest";
import { commandLineError } from "../../../../src/cli/flags/commander-error.ts";

function errorOf(args: readonly string[]) {
  const command = new Command("create")
    .argument("[name]")
    .option("--force")
    .option("--size <MiB>")
    .exitOverride()
    .configureOutput({ writeErr: () => {} });
  try {
    command.parse(args, { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) return commandLineError(error);
  }
  throw new Error("commander accepted the command line");
}

describe("a command line that commander refuses", () => {
  it.each([
    {
      args: ["--forse"],
      code: "INVALID_INPUT",
      message: "unknown option '--forse'",
      hint: "write --force, or see tsmachine --help",
    },
    {
      args: ["--generic-ip-address", "1", "v"],
      code: "PROVIDER_UNAVAILABLE",
      message: "provider generic cannot create machines yet",
      hint: "choose another one, such as `--driver kvm`",
    },
    {
      args: ["--amazonec2-region=eu"],
      code: "PROVIDER_UNSUPPORTED",
      message: 'driver "amazonec2" of docker-machine is not part of tsmachine',
      hint: "choose another one, such as `--driver kvm`",
    },
    {
      args: ["--size"],
      code: "INVALID_INPUT",
      message: "option '--size <MiB>' argument missing",
      hint: "see tsmachine --help",
    },
    {
      args: ["a", "b"],
      code: "ARGUMENTS_EXTRA",
      message: expect.stringMatching(/^too many arguments.*[^.]$/),
      hint: "see tsmachine --help",
    },
  ])("becomes $code: $args", ({ args, code, message, hint }) => {
    expect(errorOf(args)).toMatchObject({ code, message, hints: [hint] });
  });
});
