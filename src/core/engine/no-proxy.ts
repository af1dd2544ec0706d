import type { Variables } from "./engine-environment.ts";

/**
 * Variables with these hosts among those that go past the proxies; as they are where there is no proxy, or
 * everything goes past it. Of two lists, in upper and in lower case, both are completed, since programs
 * differ in which they read.
 */
export function completeNoProxy(variables: Variables, own: readonly string[]): Variables {
  const names = Object.keys(variables);
  const hasProxy = names.some((name) => /^https?_proxy$/i.test(name) && variables[name] !== "");
  if (!hasProxy) return variables;
  const lists = names.filter((name) => name.toLowerCase() === "no_proxy");
  const completed = (lists.length > 0 ? lists : ["NO_PROXY"]).map((name) => [
    name,
    withHosts(variables[name] ?? "", own),
  ]);
  return { ...variables, ...Object.fromEntries(completed) };
}

function withHosts(list: string, own: readonly string[]): string {
  const hosts = list.split(",").map((host) => host.trim());
  if (hosts.includes("*")) return list;
  const missing = own.filter((host) => !hosts.includes(host));
  return [...(list === "" ? [] : [list]), ...new Set(missing)].join(",");
}
