import { describe, expect, test } from "vitest";
import { refuseOwnOptions } from "../../../../src/matrix/slurm/own-options.ts";

describe("words for sbatch", () => {
  test.each([
    ["--output=/tmp/x", "--output (-o)"],
    ["--out", "--output (-o)"],
    ["-o", "--output (-o)"],
    ["-Ho/tmp/x", "--output (-o)"],
    ["--error=x", "--error (-e)"],
    ["--array=1-9", "--array (-a)"],
    ["-a1-9", "--array (-a)"],
    ["--parsable", "--parsable"],
    ["--wrap=true", "--wrap"],
    ["--wait", "--wait (-W)"],
    ["-W", "--wait (-W)"],
    ["--test-only", "--test-only"],
    ["-HQ", "--quiet (-Q)"],
    ["--job-name=x", "--job-name (-J)"],
    ["--chdir=/", "--chdir (-D)"],
    ["--clusters=other", "--clusters (-M)"],
    ["--cluster=other", "--clusters (-M)"],
    ["-Mother", "--clusters (-M)"],
  ])("that tsmachine gives itself are refused: %s", (word, names) => {
    expect(() => refuseOwnOptions(["--exclusive", word])).toThrow(
      expect.objectContaining({
        ...{ code: "INVALID_INPUT", hints: [`leave out sbatch's ${names}`] },
        message: expect.stringContaining(`--slurm-option ${word} `),
      }),
    );
  });

  test("of the user's own are not", () => {
    const words = [
      ...["--partition=x", "-p", "debug", "-pMaoW", "--mem=0", "--wait-all-nodes=1", "--account=a"],
      ...[
        "--cluster-constraint=x",
        "--exclusive",
        "-H",
        "-t1:00",
        "--comment=--output",
        "--time=1",
      ],
      ...["--wckey=x", "--export=ALL", "--nodes=1", "-vv", "--open-mode=append", "-"],
    ];
    expect(() => refuseOwnOptions(words)).not.toThrow();
  });
});
