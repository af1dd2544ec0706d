import { expect, test } from "vitest";
import { splitSshWords } from "../../../../../src/cli/commands/ssh/ssh-words.ts";

test.each([
  ["", "", ""],
  ["ls -l /", "", "ls -l /"],
  ["-- ls -l", "", "ls -l"],
  ["--", "", ""],
  ["-t top", "-t", "top"],
  ["-A -t -- top -b", "-A -t", "top -b"],
  ["-L 8080:localhost:80", "-L 8080:localhost:80", ""],
  ["-L8080:localhost:80 -N", "-L8080:localhost:80 -N", ""],
  ["-NL 8080:localhost:80", "-NL 8080:localhost:80", ""],
  ["-Np 22 uptime", "-Np 22", "uptime"],
  ["-tt sh", "-tt", "sh"],
  ["-p22 -v uptime -p", "-p22 -v", "uptime -p"],
  ["-o ServerAliveInterval=5 uptime", "-o ServerAliveInterval=5", "uptime"],
  ["-L", "-L", ""],
  ["- x", "", "- x"],
  ["--help", "", "--help"],
])("%o are the options %o and the command %o", (line, options, command) => {
  const wordsOf = (text: string) => text.split(" ").filter((word) => word !== "");
  expect(splitSshWords(wordsOf(line))).toEqual({
    options: wordsOf(options),
    command: wordsOf(command),
  });
});
