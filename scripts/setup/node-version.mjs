/**
 * Of semver only what package.json says: this runs before any package is installed.
 * @param {string} version of Node.js, such as "20.19.0"
 * @param {string} range from package.json's engines, in the form "^20.19.0 || >=22.12.0"
 */
export function isInRange(version, range) {
  return range.split("||").some((part) => isInPart(version, part.trim()));
}

/**
 * @param {string} version
 * @param {string} part "^20.19.0", with which the major version ends, or ">=22.12.0"
 */
function isInPart(version, part) {
  const wanted = numbers(part.replace(/^(\^|>=)/, ""));
  const found = numbers(version);
  if (part.startsWith("^") && found[0] !== wanted[0]) return false;
  const difference = wanted.map((number, index) => (found[index] ?? 0) - number);
  return (difference.find((number) => number !== 0) ?? 0) >= 0;
}

/** @param {string} version */
function numbers(version) {
  return version.split(".").map(Number);
}
