/** What to tell the user last: the line to run, after how to shorten it where that is possible. */
export function closingLines(options: {
  readonly machine: string;
  /** Whether the command tsmachine is there and this one. */
  readonly isOnPath: boolean;
}): readonly string[] {
  const { machine, isOnPath } = options;
  const program = isOnPath ? "tsmachine" : "./bin/tsmachine";
  return [
    ...(isOnPath ? [] : ["To have tsmachine on PATH, run: npm install -g ."]),
    "To use the machine with docker in this shell, run:",
    `eval "$(${program} env ${machine})"`,
  ];
}
