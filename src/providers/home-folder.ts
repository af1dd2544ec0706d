import { posix, win32 } from "node:path";

/** A folder of this host, and where guests have it unless told otherwise. */
export interface HomeFolder {
  readonly path: string;
  readonly mountPoint: string;
}

/**
 * The folder with this user's home in it, at the same place in the guest, so that `docker run -v "$PWD:/app"` finds
 * what it names: docker-machine's choice on macOS and Windows, on Linux the user's own folder alone. Undefined where
 * the guest has a use of its own for the place, such as /root.
 */
export function homeFolder(host: {
  readonly platform: NodeJS.Platform;
  readonly home: string;
}): HomeFolder | undefined {
  const { platform, home } = host;
  switch (platform) {
    case "darwin":
      return { path: "/Users", mountPoint: "/Users" };
    case "win32": {
      // C:\Users, as containers know it since boot2docker: /c/Users.
      const path = win32.dirname(home);
      const [, drive, rest = ""] = /^([A-Za-z]):(.*)$/.exec(path) ?? [];
      if (drive === undefined) return undefined;
      return { path, mountPoint: `/${drive.toLowerCase()}${rest.replaceAll("\\", "/")}` };
    }
    default: {
      const isAHome = posix.dirname(home) === "/home" && home !== "/home/docker";
      return isAHome ? { path: home, mountPoint: home } : undefined;
    }
  }
}
