/**
 * What the action comes to, or undefined when the limit is over first: then its signal is aborted and
 * nobody waits for it any more.
 * @throws what the action throws in time; the signal's reason when it is aborted.
 */
export async function withinLimit<T>(
  { signal, timeoutMs }: { readonly signal: AbortSignal; readonly timeoutMs: number },
  action: (signal: AbortSignal) => Promise<T>,
): Promise<{ readonly value: T } | undefined> {
  // In place of AbortSignal.any: what that makes stays with a signal that lives for as long as somebody watches.
  const own = new AbortController();
  // Not AbortSignal.timeout: its timer does not keep the process going, and can be collected
  // (https://github.com/nodejs/node/issues/57736).
  let timer: NodeJS.Timeout | undefined;
  const expired = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), timeoutMs);
  });
  let abort = () => {};
  const aborted = new Promise<never>((_resolve, reject) => {
    abort = () => {
      own.abort(signal.reason);
      reject(signal.reason);
    };
  });
  if (signal.aborted) abort();
  else signal.addEventListener("abort", abort);
  try {
    return await Promise.race([action(own.signal).then((value) => ({ value })), expired, aborted]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", abort);
    own.abort();
  }
}
