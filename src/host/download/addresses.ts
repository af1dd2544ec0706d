/** A URL for messages: without its query, which may be a signature that opens what it names. */
export function shownUrl(url: string): string {
  return url.replace(/[?#].*$/, "");
}

/** Host and port, for messages. */
export function addressOf(url: string): string {
  const { hostname, port, protocol } = new URL(url);
  return `${hostname}:${port || (protocol === "https:" ? "443" : "80")}`;
}
