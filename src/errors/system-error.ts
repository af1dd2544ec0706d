/** True when `error` is an operating-system error of one of these codes, such as "ENOENT". */
export function isSystemError(error: unknown, ...codes: string[]): error is NodeJS.ErrnoException {
  return error instanceof Error && "code" in error && codes.includes(String(error.code));
}
