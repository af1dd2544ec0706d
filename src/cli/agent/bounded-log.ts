/** What an agent may write in its life: it is read by people, and nobody clears it away. */
const maxBytes = 256 * 1024;

/** Writes lines with the time, until there are so many that nobody would read them. */
export function boundedLog(write: (text: string) => void, now: () => Date): (line: string) => void {
  let left = maxBytes;
  return (line) => {
    if (left <= 0) return;
    const text = `${now().toISOString()} ${line}\n`;
    left -= Buffer.byteLength(text);
    write(left > 0 ? text : `${text}the log is full; a restart of the machine begins a new one\n`);
  };
}
