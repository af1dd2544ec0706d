import { escapeXml, unescapeXml } from "../xml.ts";

export type HandArguments = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/** A call as SOAP 1.1 has it, in the form "document/literal" of vboxweb.wsdl. */
export function envelopeFor(method: string, args: HandArguments): string {
  const elements = Object.entries(args).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map(
      (one) => `<${name}>${escapeXml(String(one))}</${name}>`,
    ),
  );
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns:vbox="http://www.virtualbox.org/">',
    `<soap:Body><vbox:${method}>${elements.join("")}</vbox:${method}></soap:Body></soap:Envelope>`,
  ].join("");
}

/** The one string that such a call gives back; undefined when it gives back nothing. */
export function returnedBy(envelope: string): string | undefined {
  const [, text] = /<returnval[^>]*>([^<]*)<\/returnval>/.exec(envelope) ?? [];
  return text === undefined ? undefined : unescapeXml(text);
}
