/**
 * @typedef {{ version?: string, integrity?: string, optional?: boolean, devOptional?: boolean }} Locked
 * @typedef {{ packages: Record<string, Locked> }} Lock the part of package-lock.json that is looked at
 */

/**
 * Whether the packages installed are those of the lock. Optional ones may be missing: most are
 * programs for other systems.
 * @param {Lock} lock package-lock.json
 * @param {Lock} installed node_modules/.package-lock.json, which npm writes when it is done
 */
export function satisfiesLock(lock, installed) {
  const paths = Object.keys(lock.packages).filter((path) => path !== "");
  const known = new Set(paths);
  return (
    Object.keys(installed.packages).every((path) => known.has(path)) &&
    paths.every((path) => isSame(lock.packages[path], installed.packages[path]))
  );
}

/**
 * @param {Locked | undefined} locked
 * @param {Locked | undefined} installed
 */
function isSame(locked, installed) {
  if (installed === undefined) return locked?.optional === true || locked?.devOptional === true;
  return installed.version === locked?.version && installed.integrity === locked?.integrity;
}
