import { TsmachineError } from "../../errors/tsmachine-error.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Refuses an environment by which sbatch and its like would ask other clusters.
 * @throws TsmachineError INVALID_INPUT
 */
export function refuseOtherClusters(environment: Environment): void {
  const names = ["SBATCH_CLUSTERS", "SLURM_CLUSTERS"] as const;
  const name = names.find((one) => environment[one]);
  if (name === undefined) return;
  throw new TsmachineError(
    "INVALID_INPUT",
    `variable ${name} is set to ${environment[name]}: only jobs of this host's own cluster are followed`,
    {
      hints: [`unset it with \`unset ${name}\`, and run this on a host of the cluster you want`],
      context: { variable: name },
    },
  );
}

/** The environment for sbatch: what its command line cannot take back is not in it. */
export function environmentForSbatch(environment: Environment): Environment {
  return { ...environment, SBATCH_ERROR: undefined, SBATCH_WAIT: undefined };
}
