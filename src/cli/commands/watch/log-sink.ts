import { Writable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { createTextCleaner } from "../../output/clean-terminal-text.ts";

/**
 * Where a log goes to stdout: on a terminal as clean text, whatever bytes it has, elsewhere as it is. It takes no more
 * before stdout has taken what there is.
 */
export function logSink(stdout: NodeJS.WriteStream): Writable {
  const decoder = new StringDecoder("utf8");
  const clean = createTextCleaner();
  const passOn = (content: string | Uint8Array, done: () => void) => {
    if (content.length === 0 || stdout.write(content)) done();
    else stdout.once("drain", done);
  };
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      passOn(stdout.isTTY ? clean(decoder.write(chunk)) : chunk, done);
    },
    final(done) {
      passOn(stdout.isTTY ? clean(decoder.end()) : "", done);
    },
  });
}
