// deb-version(7): https://manpages.debian.org/trixie/dpkg-dev/deb-version.7.en.html

/** Negative when `a` is the older version, positive when it is the newer one, 0 when equal. */
export function compareVersions(a: string, b: string): number {
  const left = splitVersion(a);
  const right = splitVersion(b);
  return (
    compareParts(left.epoch, right.epoch) ||
    compareParts(left.upstream, right.upstream) ||
    compareParts(left.revision, right.revision)
  );
}

function splitVersion(version: string) {
  const colon = version.indexOf(":");
  const rest = version.slice(colon + 1);
  const hyphen = rest.lastIndexOf("-");
  return {
    epoch: colon < 0 ? "" : version.slice(0, colon),
    upstream: hyphen < 0 ? rest : rest.slice(0, hyphen),
    revision: hyphen < 0 ? "" : rest.slice(hyphen + 1),
  };
}

/** Compares the leading non-digits, then the number after them, then what follows, and so on. */
function compareParts(a: string, b: string): number {
  const left = runsOf(a);
  const right = runsOf(b);
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const [leftText, leftNumber] = left[index] ?? ["", 0n];
    const [rightText, rightNumber] = right[index] ?? ["", 0n];
    const order = compareText(leftText, rightText) || Number(leftNumber - rightNumber);
    if (order !== 0) return order;
  }
  return 0;
}

function runsOf(part: string): [text: string, number: bigint][] {
  return Array.from(part.matchAll(/(\D*)(\d*)/g), ([, text = "", digits = ""]) => [
    text,
    BigInt(digits),
  ]);
}

function compareText(a: string, b: string): number {
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    const order = weightOf(a[index]) - weightOf(b[index]);
    if (order !== 0) return order;
  }
  return 0;
}

/** A tilde sorts before even the end, the end before letters, letters before all the rest. */
function weightOf(character: string | undefined): number {
  if (character === "~") return -1;
  if (character === undefined) return 0;
  const code = character.charCodeAt(0);
  return /[A-Za-z]/.test(character) ? code : code + 256;
}
