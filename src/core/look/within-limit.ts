/**
 * What the action comes to, or undefined when the limit is over first: then its signal is aborted and
 * nobody waits for it any more.
 * @throws what the action throws in time; the signal's reason when it is aborted.
 */
export async function withinLimit<T>(
  { signal, timeoutMs }: { readonly signal: AbortSignal; readonly timeoutMs: number },
  action: (signal: AbortSignal) => Promise<T>,
): Promise<{ readonly value: T } | undefined> {
  const ended = new AbortController();
  const given = AbortSignal.any([signal, ended.signal]);
  // Not AbortSignal.timeout: its timer does not keep the process going, and can be collected
  // (https://github.com/nodejs/node/issues/57736).
  let timer: NodeJS.Timeout | undefined;
  const expired = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), timeoutMs);
  });
  const aborted = new Promise<never>((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { signal: ended.signal });
  });
  try {
    return await Promise.race([action(given).then((value) => ({ value })), expired, aborted]);
  } finally {
    clearTimeout(timer);
    ended.abort();
  }
}
