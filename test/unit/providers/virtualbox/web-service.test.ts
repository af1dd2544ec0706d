import { createServer, type RequestListener } from "node:http";
import { describe, expect, onTestFinished, test } from "vitest";
import { codes } from "../../../../src/providers/virtualbox/failure.ts";
import { parseVirtualBoxRecord } from "../../../../src/providers/virtualbox/record.ts";
import { envelopeFor, returnedBy } from "../../../../src/providers/virtualbox/soap/by-hand.ts";
import { codeOf, parseFault } from "../../../../src/providers/virtualbox/soap/fault.ts";
import { openLine } from "../../../../src/providers/virtualbox/soap/line.ts";
import {
  credentialsIn,
  isForeign,
  webServiceProblem,
} from "../../../../src/providers/virtualbox/webservice/address.ts";
import { sampleRecord } from "../../../support/virtualbox/sample-record.ts";

describe("--virtualbox-webservice", () => {
  test.each([
    "own",
    "https://vbox.example:18083",
    "http://127.0.0.1:18083/",
    "http://127.1.2.3",
    "http://localhost:18083",
    "http://[::1]:18083",
  ])("%s is taken", (text) => {
    expect(webServiceProblem(text)).toBeUndefined();
  });

  test.each([
    ["mine", '"mine" is neither "own" nor a URL'],
    ["ftp://vbox.example", '"ftp://vbox.example" is neither'],
    ["127.0.0.1:18083", '"127.0.0.1:18083" is neither'],
    ["jo:secret@127.0.0.1", '"…@127.0.0.1" is neither'],
    ["http://vbox.example:18083", "vbox.example:18083 is another host"],
    ["http://192.168.1.2", "192.168.1.2 is another host"],
    ["http://127.0.0.1.example", "127.0.0.1.example is another host"],
    ["https://jo:secret@vbox.example", "in VIRTUALBOX_WEBSERVICE_USER and VIRTUALBOX_WEBSERVICE_"],
  ])("%s is refused, and no password shown", (text, problem) => {
    expect(webServiceProblem(text)).toContain(problem);
    expect(webServiceProblem(text)).not.toContain("secret");
  });

  test("a URL's VirtualBox is not this host's", () => {
    expect([null, undefined, "own", "https://vbox.example"].map(isForeign)).toEqual([
      ...[false, false, false, true],
    ]);
  });

  test("user and password come from the environment, and what is missing is named", () => {
    const user = { VIRTUALBOX_WEBSERVICE_USER: "jo" };
    const environment = { ...user, VIRTUALBOX_WEBSERVICE_PASSWORD: "" };
    expect(credentialsIn({ environment })).toEqual({ user: "jo", password: "" });
    expect(() => credentialsIn({ environment: user })).toThrow(/_PASSWORD is not set/);
    expect(() => credentialsIn({ environment: {} })).toThrow(/_USER is not set/);
  });
});

test("a record without a web service is one of VBoxManage's", () => {
  expect(parseVirtualBoxRecord(sampleRecord()).webservice).toBeNull();
});

test("a record that would send a password in clear is refused", () => {
  expect(() => parseVirtualBoxRecord(sampleRecord({ webservice: "http://vbox.example" }))).toThrow(
    "cannot be understood",
  );
});

/** As vboxwebsrv 7.2.22 answered. */
const fault = (body: string) =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/" xmlns:vbox="http://www.virtualbox.org/"><SOAP-ENV:Body><SOAP-ENV:Fault><faultcode>SOAP-ENV:Client</faultcode>${body}</SOAP-ENV:Fault></SOAP-ENV:Body></SOAP-ENV:Envelope>`;

const locked = fault(
  "<faultstring>VirtualBox error: apirc=0x80bb0007 The machine &apos;a &amp; b&apos; is already locked for a session (or being unlocked) (0x80bb0007)</faultstring><detail><vbox:RuntimeFault><resultCode>-2135228409</resultCode><returnval>2a-01</returnval></vbox:RuntimeFault></detail>",
);

describe("a fault", () => {
  test.each([
    [
      fault(
        "<faultstring>VirtualBox error: apirc=0x80bb0001 Could not find a registered machine named 'nosuch' (0x80bb0001)</faultstring>",
      ),
      { message: "Could not find a registered machine named 'nosuch'", code: codes.notFound },
    ],
    [
      locked,
      {
        message: "The machine 'a & b' is already locked for a session (or being unlocked)",
        code: codes.invalidState,
      },
    ],
    [
      fault("<faultstring>VirtualBox error: rc=0x80070057  (0x80070057)</faultstring>"),
      { message: "the web service gives no reason", code: codes.invalidArgument },
    ],
    [fault(""), { message: "the web service gives no reason", code: undefined }],
    [
      fault(
        "<faultstring>VirtualBox error: Invalid managed object reference &quot;2a-01&quot;</faultstring><detail><vbox:InvalidObjectFault><badObjectID>2a-01</badObjectID></vbox:InvalidObjectFault></detail>",
      ),
      {
        message:
          'the web service has lost an object: VirtualBox error: Invalid managed object reference "2a-01"',
        code: undefined,
      },
    ],
  ])("%# is told in VirtualBox's words", (envelope, failure) => {
    expect(parseFault(envelope)).toEqual(failure);
  });

  test("is not what a machine's name says", () => {
    const name = envelopeFor("IMachine_getNameResponse", { returnval: "<soap:Fault>" });
    expect(parseFault(name)).toBeUndefined();
    expect(returnedBy(name)).toBe("<soap:Fault>");
  });

  test("result codes are those of messages", () => {
    expect([0, -2135228409, -2147467259].map(codeOf)).toEqual([
      ...[undefined, codes.invalidState, "0x80004005"],
    ]);
  });
});

test("a call by hand has its arguments in order, lists as repetitions", () => {
  expect(envelopeFor("IMachine_x", { _this: "1-2", on: true, many: ["a", 'b"<&>'] })).toContain(
    "<soap:Body><vbox:IMachine_x><_this>1-2</_this><on>true</on><many>a</many><many>b&#34;&#60;&#38;&#62;</many></vbox:IMachine_x></soap:Body>",
  );
});

/** What answers there, for one test. */
function answering(answer: (body: string) => { status: number; body: string }) {
  return lineTo(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const { status, body } = answer(Buffer.concat(chunks).toString());
    response.writeHead(status, { location: "http://127.0.0.1:9/" }).end(body);
  });
}

async function lineTo(listener: RequestListener) {
  const server = createServer(listener);
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const address = server.address();
  const port = address !== null && typeof address === "object" ? address.port : 0;
  const line = openLine(`http://127.0.0.1:${port}/`);
  onTestFinished(() => {
    line.close();
    server.closeAllConnections();
    server.close();
  });
  return line;
}

describe("a line", () => {
  const call = { method: "IVirtualBox_x", signal: new AbortController().signal, timeoutMs: 20_000 };

  test("gives back the answer to what was sent", async () => {
    const line = await answering((body) => ({ status: 200, body }));
    expect(await line.send("<Envelope>é</Envelope>", call)).toBe("<Envelope>é</Envelope>");
  });

  test("tells a lock by its code", async () => {
    const line = await answering(() => ({ status: 500, body: locked }));
    await expect(line.send("", call)).rejects.toMatchObject({
      code: "INSTANCE_LOCKED",
      context: { args: "IVirtualBox_x", code: codes.invalidState },
    });
  });

  test.each([302, 200, 404])("follows nobody, and takes no other program's %i", async (status) => {
    const line = await answering(() => ({ status, body: "hello" }));
    await expect(line.send("", call)).rejects.toMatchObject({
      code: "VIRTUALBOX_FAILED",
      message: expect.stringContaining("does not answer: what answers is no web service"),
    });
  });

  test("ends with the signal, and with its limit", async () => {
    const line = await lineTo(() => {});
    const cancel = new AbortController();
    const pending = line.send("", { ...call, signal: cancel.signal });
    cancel.abort(new Error("cancelled"));
    await expect(pending).rejects.toThrow("cancelled");
    await expect(line.send("", { ...call, timeoutMs: 50 })).rejects.toMatchObject({
      code: "TIMEOUT",
    });
  });

  test("says where nobody listens", async () => {
    const line = openLine("http://127.0.0.1:9/");
    await expect(line.send("secret", call)).rejects.toMatchObject({
      code: "VIRTUALBOX_FAILED",
      message: expect.stringMatching(
        /^VirtualBox's web service at http:\/\/127.0.0.1:9\/ does not/,
      ),
    });
  });
});
