import { Command } from "commander";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { type FlagSource, flagSpecs } from "../../../../src/cli/flags/flag-specs.ts";
import {
  commanderOptions,
  providerOptionsFrom,
  refuseForeignFlags,
} from "../../../../src/cli/flags/provider-flags.ts";

const kvm: FlagSource = {
  prefixes: ["kvm", "qemu"],
  options: z.object({
    memoryMiB: z
      .int()
      .min(256)
      .default(1024)
      .describe("memory of the machine")
      .meta({ flag: "memory", valueName: "MiB", env: "KVM_MEMORY" }),
    boot: z.enum(["direct", "iso"]).optional().meta({ flag: "boot-from" }),
    forwards: z.array(z.string()).default([]).meta({ flag: "forward", env: "FORWARDS" }),
    nested: z.boolean().default(false).meta({ flag: "nested", env: "KVM_NESTED" }),
    internal: z.string().optional(),
  }),
};
const generic: FlagSource = {
  prefixes: ["generic"],
  options: z.object({ address: z.string().min(1).meta({ flag: "ip-address" }) }),
};

function parse(
  args: readonly string[],
  { source = kvm, environment = {} }: { source?: FlagSource; environment?: NodeJS.ProcessEnv } = {},
) {
  return providerOptionsFrom(parsed(args), source, environment);
}

function parsed(args: readonly string[]): Command {
  const command = new Command().exitOverride().configureOutput({ writeErr: () => {} });
  for (const option of [...commanderOptions(kvm), ...commanderOptions(generic)]) {
    command.addOption(option);
  }
  return command.parse(args, { from: "user" });
}

describe("a provider's flags", () => {
  it("may have a name without the provider's, and then only one", () => {
    const source: FlagSource = {
      prefixes: ["none", "alias"],
      options: z.object({ url: z.string().optional().meta({ flag: "url", prefix: "none" }) }),
    };
    expect(flagSpecs(source).map(({ long, env }) => [long, env])).toEqual([["--url", "NONE_URL"]]);
  });

  it("are described in the help, those under an alias left out", () => {
    const help = parsed([]).configureHelp({ helpWidth: 120 }).helpInformation();
    expect(help).toContain("--kvm-memory <MiB>");
    expect(help).toContain("memory of the machine (default: 1024) (env: KVM_MEMORY)");
    expect(help).toContain("--kvm-boot-from <direct|iso>");
    expect(help).toContain("--kvm-nested ");
    expect(help).not.toContain("--qemu-");
    expect(help).not.toContain("internal");
  });

  it.each([
    { args: [], options: {} },
    { args: ["--kvm-memory", "2048"], options: { memoryMiB: 2048 } },
    { args: ["--kvm-memory=2048"], options: { memoryMiB: 2048 } },
    { args: ["--qemu-memory", "512"], options: { memoryMiB: 512 } },
    { args: ["--kvm-boot-from", "iso", "--kvm-nested"], options: { boot: "iso", nested: true } },
    {
      args: ["--kvm-forward", "80", "--kvm-forward", "443"],
      options: { forwards: ["80", "443"] },
    },
  ])("$args become $options", ({ args, options }) => {
    expect(parse(args)).toEqual(options);
  });

  it.each([
    { environment: { KVM_MEMORY: "2048" }, options: { memoryMiB: 2048 } },
    { environment: { QEMU_MEMORY: "512" }, options: { memoryMiB: 512 } },
    { environment: { KVM_MEMORY: "2048", QEMU_MEMORY: "512" }, options: { memoryMiB: 2048 } },
    { environment: { KVM_MEMORY: "" }, options: {} },
    { environment: { KVM_NESTED: "false" }, options: { nested: false } },
    { environment: { QEMU_NESTED: "1" }, options: { nested: true } },
    { environment: { KVM_BOOT_FROM: "iso" }, options: { boot: "iso" } },
    { environment: { FORWARDS: "80, 443" }, options: { forwards: ["80", "443"] } },
  ])("variables $environment become $options", ({ environment, options }) => {
    expect(parse([], { environment })).toEqual(options);
  });

  it("go before variables, also under an alias", () => {
    const environment = { KVM_MEMORY: "2048" };
    expect(parse(["--qemu-memory", "512"], { environment })).toEqual({ memoryMiB: 512 });
  });

  it.each([
    { args: ["--kvm-memory", "2g"], message: 'value "2g" of --kvm-memory is not a number' },
    { args: ["--kvm-memory", ""], message: 'value "" of --kvm-memory is not a number' },
    { args: ["--qemu-memory", "1"], message: "value 1 of --qemu-memory is invalid: Too small" },
    { args: ["--kvm-memory", "512.5"], message: "value 512.5 of --kvm-memory is invalid: Invalid" },
    {
      args: ["--kvm-boot-from", "usb"],
      message: 'value "usb" of --kvm-boot-from is invalid: Invalid',
    },
    {
      args: ["--kvm-memory", "512", "--qemu-memory", "512"],
      message: "flags --kvm-memory and --qemu-memory give the same option",
    },
    {
      args: [],
      environment: { QEMU_MEMORY: "lots" },
      message: 'value "lots" of QEMU_MEMORY is not a number',
    },
    {
      args: [],
      environment: { KVM_NESTED: "perhaps" },
      message: 'value "perhaps" of KVM_NESTED is neither true nor false',
    },
    { args: [], source: generic, message: "--generic-ip-address needs a value: Invalid input" },
  ])("are refused by name: $message", ({ args, message, ...rest }) => {
    expect(() => parse(args, rest)).toThrow(
      expect.objectContaining({
        code: "INVALID_INPUT",
        message: expect.stringContaining(message),
        hints: [expect.any(String)],
      }),
    );
  });

  it("of another provider are refused, its variables are not", () => {
    const command = parsed(["--generic-ip-address", "10.0.0.1"]);
    expect(() => refuseForeignFlags(command, [generic])).toThrow(
      "flag --generic-ip-address belongs to provider generic, which is not the chosen one",
    );
    expect(() => refuseForeignFlags(command, [kvm])).not.toThrow();
  });

  it("cannot be made of a boolean that is true by default", () => {
    const options = z.object({ share: z.boolean().default(true).meta({ flag: "share" }) });
    expect(() => commanderOptions({ prefixes: ["kvm"], options })).toThrow(
      "option share is true by default",
    );
  });
});
