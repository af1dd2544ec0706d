import { TsmachineError } from "../../errors/tsmachine-error.ts";

interface OwnOption {
  readonly long: string;
  readonly short?: string;
  /** What it is that tsmachine needs it for. */
  readonly purpose: string;
}

const files = "tsmachine reads what tasks print";
const answer = "tsmachine reads sbatch's answer and waits for the job itself";

/** What of sbatch(1) is no matter of taste: with another value a job would be lost, or do something else. */
const ownOptions: readonly OwnOption[] = [
  { long: "parsable", purpose: answer },
  { long: "wait", short: "W", purpose: answer },
  { long: "test-only", purpose: answer },
  { long: "quiet", short: "Q", purpose: answer },
  { long: "job-name", short: "J", purpose: "tsmachine finds the job by it" },
  { long: "array", short: "a", purpose: "--tasks says how many tasks there are" },
  { long: "output", short: "o", purpose: files },
  { long: "error", short: "e", purpose: files },
  { long: "chdir", short: "D", purpose: "tasks run in the current folder" },
  { long: "wrap", purpose: "tasks run tsmachine" },
  { long: "clusters", short: "M", purpose: "only jobs of this host's own cluster are followed" },
];

/** Letters of sbatch's that take no value, so that others may follow in the same word. */
const withoutValue = "hHIkOQsvVW";

/**
 * Refuses words for sbatch that the executor gives itself.
 * @throws TsmachineError INVALID_INPUT
 */
export function refuseOwnOptions(words: readonly string[]): void {
  for (const word of words) {
    const own = ownOptions.find((option) => isCalled(option, word));
    if (own === undefined) continue;
    const { long, short, purpose } = own;
    const names = short === undefined ? `--${long}` : `--${long} (-${short})`;
    throw new TsmachineError(
      "INVALID_INPUT",
      `--slurm-option ${word} is not the user's to give: ${purpose}`,
      { hints: [`leave out sbatch's ${names}`], context: { option: long } },
    );
  }
}

/** As getopt_long(3) takes it: what begins a long name stands for it, and short ones may share a word. */
function isCalled({ long, short }: OwnOption, word: string): boolean {
  const [, begun] = /^--([^=]+)/.exec(word) ?? [];
  if (begun !== undefined) return long.startsWith(begun);
  const [, letter] = new RegExp(`^-[${withoutValue}]*?([^${withoutValue}-]|[QW])`).exec(word) ?? [];
  return letter !== undefined && letter === short;
}
