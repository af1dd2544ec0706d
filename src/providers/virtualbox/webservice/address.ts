import { isIPv4 } from "node:net";
import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import type { VirtualBoxWorld } from "../world.ts";

/** The value of the option that asks for a web service which tsmachine starts for each command. */
const ownWebService = "own";

/** Whether VirtualBox is one that this host's own files and programs may tell nothing of. */
export function isForeign(webservice: string | null | undefined): boolean {
  return typeof webservice === "string" && webservice !== ownWebService;
}

/** What is wrong with the option's value; undefined when nothing is. */
export function webServiceProblem(text: string): string | undefined {
  if (text === ownWebService) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !["http:", "https:"].includes(url.protocol)) {
    return `"${withoutCredentials(text)}" is neither "${ownWebService}" nor a URL with https`;
  }
  if (url.username !== "" || url.password !== "") {
    return `give user and password in ${userVariable} and ${passwordVariable}, as the URL is stored`;
  }
  if (url.protocol === "http:" && !isLoopback(url.hostname)) {
    return `${url.host} is another host, to which the password must go by https`;
  }
  return undefined;
}

/** All of 127.0.0.0/8 (RFC 1122, section 3.2.1.3), ::1 and the name that stands for them (RFC 6761). */
function isLoopback(hostname: string): boolean {
  return (
    (isIPv4(hostname) && hostname.startsWith("127.")) || ["[::1]", "localhost"].includes(hostname)
  );
}

/** The text is shown, and may be no URL at all. */
function withoutCredentials(text: string): string {
  return text.replace(/^(.*\/\/)?.*@/s, "$1…@");
}

export interface Credentials {
  readonly user: string;
  readonly password: string;
}

const userVariable = "VIRTUALBOX_WEBSERVICE_USER";
const passwordVariable = "VIRTUALBOX_WEBSERVICE_PASSWORD";

/**
 * User and password for a web service that somebody else runs. An empty password is one.
 * @throws TsmachineError INVALID_INPUT
 */
export function credentialsIn({ environment }: Pick<VirtualBoxWorld, "environment">): Credentials {
  const user = environment[userVariable];
  const password = environment[passwordVariable];
  if (user && password !== undefined) return { user, password };
  const missing = user ? passwordVariable : userVariable;
  throw new TsmachineError(
    "INVALID_INPUT",
    `the machine's VirtualBox is reached through a web service, and ${missing} is not set`,
    { hints: [`set ${userVariable} and ${passwordVariable} to what the web service asks for`] },
  );
}
