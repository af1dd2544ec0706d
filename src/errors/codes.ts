/**
 * Every code that a TsmachineError may carry, with the exit status the process ends with.
 * docs/errors.md has a row for each; a test holds the two together.
 */
export const exitStatusByCode = {
  CANCELLED: 130,
  CAPABILITY_MISSING: 1,
  FILE_UNREADABLE: 1,
  INVALID_INPUT: 1,
  LOCK_TIMEOUT: 1,
  PORT_UNAVAILABLE: 1,
  PROGRAM_FAILED: 1,
  PROGRAM_MISSING: 3,
  TIMEOUT: 1,
} as const satisfies Record<string, number>;

export type ErrorCode = keyof typeof exitStatusByCode;
