import { writeFileAtomic } from "../../../../src/host/files/files.ts";

// Argument: file. Writes it anew without end: a megabyte of one letter, then of the next.
const path = process.argv[2] ?? "";
for (let round = 0; ; round += 1) {
  await writeFileAtomic(path, String.fromCharCode(97 + (round % 26)).repeat(1 << 20));
  if (round === 0) process.stdout.write("written\n");
}
