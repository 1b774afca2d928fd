import { answerApi, type ApiAnswer, type ApiRequest } from "./api";
import { headersOf, partsOf, type Part } from "./multipart";
import { Refusal } from "./refusal";
import type { Simulation } from "./simulation";

/** Google's general limit. */
const partsMax = 1000;

interface BatchRequest {
  text: string;
  contentType: string;
  /** Of the whole batch; a part may bring its own. */
  authorization: string | null;
  /** The path below the simulator's own; parts may name whole addresses. */
  localPath: (target: string) => string;
}

/** Many calls in one request, each counted, authorised and answered by itself, in their order. */
export async function answerBatch(
  sim: Simulation,
  batch: BatchRequest,
): Promise<{ contentType: string; text: string }> {
  const parts = partsOf(batch.text, batch.contentType);
  if (parts.length === 0) throw new Refusal("invalid", "The batch is empty.");
  if (parts.length > partsMax) throw new Refusal("invalid", `The batch has more than ${partsMax} calls.`);
  const boundary = `batch_${crypto.randomUUID()}`;
  const answers: string[] = [];
  for (const part of parts) answers.push(`--${boundary}\r\n${written(part, await answerPart(sim, part, batch))}`);
  return { contentType: `multipart/mixed; boundary=${boundary}`, text: `${answers.join("")}--${boundary}--\r\n` };
}

async function answerPart(sim: Simulation, part: Part, batch: BatchRequest): Promise<ApiAnswer> {
  const request = requestOf(part, batch);
  if (request) return answerApi(sim, request);
  const { status, body } = new Refusal("parseError", "Parse Error: the part begins with no request line.");
  return { status, body };
}

/** A request line, perhaps headers, an empty line, the body: so in parts of type `application/http` and in Google's samples. */
function requestOf({ content }: Part, { authorization, localPath }: BatchRequest): ApiRequest | null {
  const lines = content.split("\n");
  const start = lines.findIndex((line) => line.trim() !== "");
  const [, method, target] = /^([A-Z]+) (\S+)(?: HTTP\/[\d.]+)?\s*$/.exec(lines[start] ?? "") ?? [];
  if (method === undefined || target === undefined) return null;
  const { headers, rest } = headersOf(lines.slice(start + 1));
  return {
    method,
    target: localPath(target),
    authorization: headers.get("authorization") ?? authorization,
    contentType: headers.get("content-type") ?? "application/json",
    text: rest.join("\n").trim(),
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
