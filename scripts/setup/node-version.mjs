/**
 * @param {string} version of Node.js, such as "20.19.0"
 * @param {string} range from package.json's engines, in the form ">=20.19"
 */
export function isNewEnough(version, range) {
  const wanted = numbers(range.replace(">=", ""));
  const found = numbers(version);
  const difference = wanted.map((part, index) => (found[index] ?? 0) - part);
  return (difference.find((part) => part !== 0) ?? 0) >= 0;
}

/** @param {string} version */
function numbers(version) {
  return version.split(".").map(Number);
}
