/**
 * Variables that have programs tell what they tell in English, and in UTF-8: in the locale "C" VirtualBox, for one,
 * refuses arguments that are not ASCII, and leaves such lines out of its answers.
 */
export function plainLocale(
  platform: NodeJS.Platform,
): Readonly<Record<"LC_ALL" | "LANGUAGE", string | undefined>> {
  // In every locale but "C" GNU gettext heeds LANGUAGE before LC_ALL.
  return { LC_ALL: nameOn(platform), LANGUAGE: undefined };
}

function nameOn(platform: NodeJS.Platform): string {
  switch (platform) {
    case "linux":
      return "C.UTF-8";
    // It has no "C.UTF-8".
    case "darwin":
      return "en_US.UTF-8";
    default:
      return "C";
  }
}
