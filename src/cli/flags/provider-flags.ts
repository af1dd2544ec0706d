import { type Command, Option } from "commander";
import { TsmachineError } from "../../errors/tsmachine-error.ts";
import { type FlagSource, type FlagSpec, flagSpecs } from "./flag-specs.ts";
import { collect, readFlagValue } from "./flag-value.ts";

/** The provider's flags for commander; those under an alias work but are left out of the help. */
export function commanderOptions(source: FlagSource): Option[] {
  return flagSpecs(source).map((spec) => {
    const takesValue = spec.kind !== "boolean";
    const option = new Option(
      takesValue ? `${spec.long} <${spec.valueName}>` : spec.long,
      helpOf(spec),
    );
    option.env(spec.env);
    if (spec.kind === "list") option.argParser(collect);
    return spec.isAlias ? option.hideHelp() : option;
  });
}

/**
 * The provider's options as the command line and the environment give them, only those given; a
 * flag goes before a variable, and the provider's id before its aliases.
 * @throws TsmachineError INVALID_INPUT naming the flag or variable whose value is refused, the flag
 *   that is missing, or the two flags that give the same option.
 */
export function providerOptionsFrom(
  command: Command,
  source: FlagSource,
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, unknown> {
  const given = new Map<string, GivenFlag>();
  for (const spec of flagSpecs(source)) {
    const flag = givenFlag(command, spec, environment);
    if (flag !== undefined) given.set(spec.field, strongerOf(given.get(spec.field), flag));
  }
  const options = Object.fromEntries([...given].map(([field, { value }]) => [field, value]));
  refuseInvalid(source, options, given);
  return options;
}

/**
 * @throws TsmachineError INVALID_INPUT when the command line has a flag of one of `others`: it would
 *   silently do nothing. Variables of other providers are nobody's mistake.
 */
export function refuseForeignFlags(command: Command, others: readonly FlagSource[]): void {
  for (const source of others) {
    for (const { long } of flagSpecs(source)) {
      if (sourceOf(command, long) !== "cli") continue;
      throw new TsmachineError(
        "INVALID_INPUT",
        `flag ${long} belongs to provider ${source.prefixes[0]}, which is not the chosen one`,
        {
          hints: [`leave out ${long}, or choose the provider with --driver ${source.prefixes[0]}`],
        },
      );
    }
  }
}

interface GivenFlag {
  /** "--kvm-memory" or "KVM_MEMORY", whichever gave the value. */
  readonly name: string;
  readonly from: "cli" | "env";
  readonly value: unknown;
}

function givenFlag(
  command: Command,
  spec: FlagSpec,
  environment: Readonly<Record<string, string | undefined>>,
): GivenFlag | undefined {
  const from = sourceOf(command, spec.long);
  if (from === "cli") {
    const raw: unknown = command.getOptionValue(attributeOf(spec.long));
    return {
      name: spec.long,
      from,
      value: readFlagValue(raw, { name: spec.long, kind: spec.kind }),
    };
  }
  // commander notes only that a boolean's variable is there, not what it says.
  const text = environment[spec.env];
  if (!text) return undefined;
  return {
    name: spec.env,
    from: "env",
    value: readFlagValue(text, { name: spec.env, kind: spec.kind }),
  };
}

function strongerOf(former: GivenFlag | undefined, latter: GivenFlag): GivenFlag {
  if (former === undefined) return latter;
  if (former.from === "cli" && latter.from === "cli") {
    throw new TsmachineError(
      "INVALID_INPUT",
      `flags ${former.name} and ${latter.name} give the same option`,
      { hints: [`leave out ${latter.name}`] },
    );
  }
  return latter.from === "cli" ? latter : former;
}

function refuseInvalid(
  source: FlagSource,
  options: Readonly<Record<string, unknown>>,
  given: ReadonlyMap<string, GivenFlag>,
): void {
  const issue = source.options.safeParse(options).error?.issues[0];
  if (issue === undefined) return;
  const field = String(issue.path[0]);
  const flag = given.get(field);
  const missing = flagSpecs(source).find((spec) => spec.field === field)?.long;
  const message =
    flag === undefined
      ? `${missing ?? `provider ${source.prefixes[0]}`} needs a value: ${issue.message}`
      : `value ${JSON.stringify(flag.value)} of ${flag.name} is invalid: ${issue.message}`;
  throw new TsmachineError("INVALID_INPUT", message, {
    hints: ["see tsmachine create --help for the values it takes"],
  });
}

function helpOf({ description, defaultValue, kind }: FlagSpec): string {
  const isWorthShowing = kind === "number" || (kind === "string" && Boolean(defaultValue));
  // Not commander's own default: the provider's schema fills it in, and knows that it did.
  return isWorthShowing && defaultValue !== undefined
    ? `${description} (default: ${defaultValue})`
    : description;
}

function sourceOf(command: Command, long: string): string | undefined {
  return command.getOptionValueSource(attributeOf(long));
}

/** The name commander keeps a flag's value under. */
function attributeOf(long: string): string {
  return new Option(long).attributeName();
}
