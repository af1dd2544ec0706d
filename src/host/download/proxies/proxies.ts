import { TsmachineError } from "../../../errors/tsmachine-error.ts";
import { noProxyRule } from "./no-proxy.ts";

export interface HttpProxy {
  /** Without name and password, for messages too. */
  readonly uri: string;
  /** The variable that names it: "HTTPS_PROXY". */
  readonly variable: string;
  /** Value of the header Proxy-Authorization: a secret. */
  readonly authorization: string | undefined;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The proxy that the environment wants for a URL, by curl's rules: HTTP_PROXY for http,
 * HTTPS_PROXY for https, none for what NO_PROXY lists; names in lower case come first, an empty
 * value is as good as none, and a proxy without a scheme speaks http. HTTP_PROXY may be in upper case
 * here: no web server sets the variables of this program.
 *
 * The result throws a TsmachineError INVALID_INPUT, without the value, when it is no proxy's address.
 */
export function proxiesOf(environment: Environment): (url: string) => HttpProxy | undefined {
  const [, exceptions = ""] = variableOf(environment, "no_proxy") ?? [];
  const goesDirectly = noProxyRule(exceptions);
  return (text) => {
    const url = new URL(text);
    const [variable, value] = variableOf(environment, `${url.protocol.slice(0, -1)}_proxy`) ?? [];
    if (variable === undefined || value === undefined || goesDirectly(url)) return undefined;
    return parseProxy(variable, value);
  };
}

function variableOf(
  environment: Environment,
  name: string,
): [name: string, value: string] | undefined {
  for (const variable of [name, name.toUpperCase()]) {
    const value = environment[variable]?.trim();
    if (value) return [variable, value];
  }
  return undefined;
}

function parseProxy(variable: string, value: string): HttpProxy {
  const address = /^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? value : `http://${value}`;
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.hostname === "") {
    throw new TsmachineError("INVALID_INPUT", `${variable} is not the address of an HTTP proxy`, {
      hints: [`give ${variable} the form http://proxy.example:3128, or unset it`],
    });
  }
  return { uri: url.origin, variable, authorization: authorizationOf(url) };
}

/** RFC 7617. A name without a password is sent with an empty one, as by curl. */
function authorizationOf({ username, password }: URL): string | undefined {
  if (username === "") return undefined;
  const credentials = [username, password].map(decodePercents).join(":");
  return `Basic ${Buffer.from(credentials).toString("base64")}`;
}

/** Passwords are often pasted as they are: a percent sign that escapes nothing is one itself. */
function decodePercents(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (escaped) =>
    Buffer.from(escaped.replaceAll("%", ""), "hex").toString("utf8"),
  );
}
