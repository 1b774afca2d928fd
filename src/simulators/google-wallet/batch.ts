import { answerApi, type ApiAnswer, type ApiRequest } from "./api";
import { headersOf, partsOf, type Part } from "./multipart";
import { Refusal, toRefusal } from "./refusal";
import type { Simulation } from "./simulation";
import { authenticate } from "./token";

interface BatchRequest {
  text: string;
  contentType: string;
  /** Of the whole batch; a part may bring its own. */
  authorization: string | null;
  /** The path below the simulator's own; parts may name whole addresses. */
  localPath: (target: string) => string;
}

/**
 * Many calls in one request, each counted, authorised and answered by itself, in their order. Without a token that holds
 * the whole is refused, unless parts bring their own.
 */
export async function answerBatch(
  sim: Simulation,
  batch: BatchRequest,
): Promise<{ contentType: string; text: string }> {
  const refusal = await authenticate(sim, batch.authorization).then(() => null, toRefusal);
  // Strangers do not get megabytes taken apart.
  if (refusal && !/^authorization:/im.test(batch.text)) throw refusal;
  const parts = partsOf(batch.text, batch.contentType);
  const calls = parts.map((part) => ({ part, call: callOf(part) }));
  if (refusal && !calls.some(({ call }) => call?.authorization)) throw refusal;
  if (parts.length === 0) throw new Refusal("invalid", "The batch is empty.");
  const boundary = `batch_${crypto.randomUUID()}`;
  const answers: string[] = [];
  for (const { part, call } of calls) {
    answers.push(`--${boundary}\r\n${written(part, await answerCall(sim, call, batch))}`);
  }
  return { contentType: `multipart/mixed; boundary=${boundary}`, text: `${answers.join("")}--${boundary}--\r\n` };
}

async function answerCall(sim: Simulation, call: ApiRequest | null, batch: BatchRequest): Promise<ApiAnswer> {
  if (call) {
    const authorization = call.authorization ?? batch.authorization;
    return answerApi(sim, { ...call, target: batch.localPath(call.target), authorization });
  }
  const { status, body } = new Refusal("parseError", "Parse Error: the part begins with no request line.");
  return { status, body };
}

/** A request line, perhaps headers, an empty line, the body: so in parts of type `application/http` and in Google's samples. */
function callOf({ content }: Part): ApiRequest | null {
  const [line, method, target] = /^\s*([A-Z]+) (\S+)(?: HTTP\/[\d.]+)?[ \t]*(?:\n|$)/.exec(content) ?? [];
  if (line === undefined || method === undefined || target === undefined) return null;
  const { headers, content: body } = headersOf(content.slice(line.length));
  return {
    method,
    target,
    authorization: headers.get("authorization") ?? null,
    contentType: headers.get("content-type") ?? "application/json",
    text: body.trim(),
  };
}

function written({ headers }: Part, { status, body }: ApiAnswer): string {
  const id = headers.get("content-id");
  const name = id?.replace(/^<|>$/g, "");
  return [
    "Content-Type: application/http",
    ...(name === undefined ? [] : [`Content-ID: <response-${name}>`]),
    "",
    `HTTP/1.1 ${status} ${statusTexts[status] ?? ""}`.trim(),
    "Content-Type: application/json; charset=UTF-8",
    "",
    JSON.stringify(body),
    "",
  ].join("\r\n");
}

const statusTexts: Record<number, string> = {
  200: "OK",
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  409: "Conflict",
  413: "Payload Too Large",
  429: "Too Many Requests",
  500: "Internal Server Error",
};
