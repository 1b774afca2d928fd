import { StartError } from "./failure.mjs";

const TIMEOUT_MS = 30_000;

/**
 * A client of one server and one credential. `send` takes what becomes JSON, or the bytes of a file, and answers
 * `{ status, type, location, headers, body, request }` whatever came back, the body parsed if it is JSON, else as bytes; `ask` answers the body,
 * and throws StartError unless the status is 2xx.
 */
export function createApi(url, token) {
  async function send(method, path, content, headers = {}) {
    const isFile = content instanceof Uint8Array;
    const request = `${method} ${path}`;
    let response;
    let bytes;
    try {
      response = await fetch(url + path, {
        method,
        headers: {
          // An idle connection may end unnoticed while pictures are drawn, and would fail the next request.
          connection: "close",
          ...(token && { authorization: `Bearer ${token}` }),
          ...headers,
          ...(content !== undefined && { "content-type": isFile ? "application/octet-stream" : "application/json" }),
        },
        body: isFile || content === undefined ? content : JSON.stringify(content),
        redirect: "manual",
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      bytes = new Uint8Array(await response.arrayBuffer());
    } catch (error) {
      throw new StartError(`${url} did not answer ${request} (${error.cause?.code ?? error.message}).`);
    }
    const type = response.headers.get("content-type") ?? "";
    const body = /[/+]json\b/.test(type) ? JSON.parse(new TextDecoder().decode(bytes)) : bytes;
    const { status, headers: answered } = response;
    return { status, type, location: answered.get("location"), headers: answered, body, request };
  }
  async function ask(method, path, content) {
    const answer = await send(method, path, content);
    if (answer.status >= 300) throw new StartError(`${refusalOf(answer)}.`);
    return answer.body;
  }
  return { url, send, ask };
}

/** One clause about an answer that was not wished for. */
export function refusalOf({ status, body, request }) {
  const { code, detail, errors = [] } = body;
  const places = errors.slice(0, 3).map(({ pointer, detail: what }) => `${pointer}: ${what}`);
  const said = [detail?.replace(/\.$/, ""), ...places].filter(Boolean).join("; ");
  return `${request} answered ${status}${code ? ` ${code}` : ""}${said ? ` (${said})` : ""}`;
}
