import { TsmachineError } from "../../errors/tsmachine-error.ts";
import type { Matrix } from "../definition/matrix.ts";
import { shardsOf } from "./shard.ts";

/** GitHub starts no more jobs than these for one matrix. */
const maxJobs = 256;

/** What `strategy.matrix: ${{ fromJSON(…) }}` of GitHub Actions takes: a job for each entry. */
export interface GithubPlan {
  readonly include: readonly GithubJob[];
}

/** Texts alone, which GitHub shows as the job's name; several values are separated by a comma. */
export interface GithubJob {
  /** What the job gives to `matrix run --shard`: "2/5". */
  readonly shard: string;
  /** The identities of its cells: "6.1/26.1, 6.1/28.5". */
  readonly cell: string;
  readonly kernel: string;
  readonly engine: string;
}

/**
 * A matrix as jobs of GitHub Actions, `count` of them, or as many as there are cells if those are fewer.
 * @throws TsmachineError INVALID_INPUT when GitHub would refuse so many
 */
export function githubPlan({ cells }: Matrix, count: number): GithubPlan {
  const jobCount = Math.min(count, cells.length);
  if (jobCount > maxJobs) {
    throw new TsmachineError(
      "INVALID_INPUT",
      `${jobCount} jobs are more than the ${maxJobs} that GitHub starts for a matrix`,
      { hints: [`give at most ${maxJobs} shards`] },
    );
  }
  const include = shardsOf(cells, jobCount).map((part, index) => ({
    shard: `${index + 1}/${jobCount}`,
    cell: listed(part.map(({ id }) => id)),
    kernel: listed(part.map(({ axes }) => axes.kernel)),
    engine: listed(part.map(({ axes }) => axes.engine)),
  }));
  return { include };
}

function listed(values: readonly string[]): string {
  return [...new Set(values)].join(", ");
}
