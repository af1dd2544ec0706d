/** Whether the path leads to something below the folder. To Windows upper and lower case are the same. */
export function isBelow(folder: string, path: string): boolean {
  if (!isOfWindows(folder)) return path.startsWith(`${folder}/`);
  return folded(path).startsWith(`${folded(folder)}\\`);
}

/** "C:\Users", or "\\server\share". */
function isOfWindows(path: string): boolean {
  return /^([a-z]:|\\\\)/i.test(path);
}

function folded(path: string): string {
  return path.replaceAll("/", "\\").toLowerCase();
}
