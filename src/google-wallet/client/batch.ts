import type { JsonObject } from "../../pass-model/resolved-pass";
import { unreachable } from "./errors";
import { attemptOf, failure, type Attempt, type Reply } from "./exchange";
import type { ApiRequest } from "./requests";

/**
 * Many calls in one request, multipart/mixed (RFC 2046, section 5.1): https://developers.google.com/wallet/generic/use-cases/batch.
 * Each part is a request line and JSON; each part of the answer is a whole HTTP answer.
 */

/** Google does not say how many; each of them counts against the limit per second. */
export const batchCallsMax = 20;

/** Cannot stand in a part: JSON writes the line break that would have to be before it as `\n`. */
const boundary = "batch_wepass";
const answeredId = /^<?(?:response-)?call-(\d{1,4})>?$/;

export const batchContentType = `multipart/mixed; boundary=${boundary}`;

export function batchBody(requests: ApiRequest[]): string {
  const parts = requests.map(({ method, path, body }, index) => {
    const headers = `Content-Type: application/json\nContent-ID: <call-${index}>`;
    return `--${boundary}\n${headers}\n\n${method} ${path}\n\n${body ? `${JSON.stringify(body)}\n` : ""}\n`;
  });
  return `${parts.join("")}--${boundary}--`;
}

/** One attempt per call: what its own part of the answer says, or that there is none. */
export function readBatch(reply: Reply, count: number, now: number): Attempt<JsonObject>[] {
  if (reply.status !== 200) {
    const whole = attemptOf(reply, now);
    return Array<Attempt<JsonObject>>(count).fill(whole.ok ? unanswered : whole);
  }
  const parts = partsOf(reply.text, reply.header("content-type") ?? "");
  const areNamed = parts.length > 0 && parts.every(({ index }) => index !== null);
  // Without names only the order tells whose an answer is, and it tells nothing where one is missing.
  const inOrder = parts.length === count ? parts : [];
  return Array.from({ length: count }, (_, index) => {
    const part = areNamed ? parts.find((one) => one.index === index) : inOrder[index];
    return part?.reply ? attemptOf(part.reply, now) : unanswered;
  });
}

const unanswered = failure(unreachable("Google's answer to a batch lacks the answer to this call"), "if_idempotent");

interface Part {
  /** Of the call; null if the part does not say. */
  index: number | null;
  reply: Reply | null;
}

function partsOf(text: string, contentType: string): Part[] {
  const delimiter = /boundary="?([^";]+)"?/i.exec(contentType)?.[1]?.trim();
  if (!delimiter) return [];
  // What is before the first delimiter is a preamble; what is after the closing one, an epilogue.
  const [, ...pieces] = `\n${text.replaceAll("\r\n", "\n")}`.split(`\n--${delimiter}`);
  const closing = pieces.findIndex((piece) => piece.startsWith("--"));
  return (closing < 0 ? pieces : pieces.slice(0, closing)).map(readPart);
}

function readPart(piece: string): Part {
  // The rest of the delimiter's line is padding.
  const [head, answer] = divide(piece.slice(piece.indexOf("\n") + 1));
  const index = answeredId.exec(headerOf(head, "content-id") ?? "")?.[1];
  const [answerHead, text] = divide(answer);
  const status = /^HTTP\/[\d.]+ (\d{3})/.exec(answerHead)?.[1];
  const header = (name: string) => headerOf(answerHead, name);
  return {
    index: index === undefined ? null : Number(index),
    reply: status === undefined ? null : { status: Number(status), header, text },
  };
}

/** At the first empty line. */
function divide(text: string): [head: string, body: string] {
  const at = `\n${text}`.indexOf("\n\n");
  return at < 0 ? [text, ""] : [text.slice(0, Math.max(0, at - 1)), text.slice(at + 1)];
}

function headerOf(head: string, name: string): string | null {
  const line = head.split("\n").find((one) => one.toLowerCase().startsWith(`${name}:`));
  return line ? line.slice(name.length + 1).trim() : null;
}
