import { Refusal } from "./refusal";

export interface Part {
  /** Names in lower case. */
  headers: Map<string, string>;
  content: string;
}

/** Google documents no limit. */
const partsMax = 100;
const headersMax = 100;

/** The parts of a multipart body (RFC 2046 §5.1); lines may end in LF alone, as in Google's samples. */
export function partsOf(body: string, contentType: string): Part[] {
  const boundary = /;\s*boundary=(?:"([^"]+)"|([^\s;]+))/i.exec(contentType);
  const delimiter = `--${boundary?.[1] ?? boundary?.[2] ?? ""}`;
  if (delimiter === "--") throw new Refusal("parseError", "Parse Error: the multipart body has no boundary.");
  const text = body.replaceAll("\r\n", "\n");
  const parts: Part[] = [];
  let start: number | null = null;
  for (const { at, end, last } of delimiters(text, delimiter)) {
    if (start !== null) parts.push(headersOf(text.slice(start, at - 1)));
    if (parts.length > partsMax) throw new Refusal("invalid", `The body has more than ${partsMax} parts.`);
    if (last) return parts;
    start = end + 1;
  }
  throw new Refusal("parseError", "Parse Error: the multipart body is not closed.");
}

/** Of an upload: the file behind its metadata. */
export function lastPart(text: string, contentType: string): string {
  const part = partsOf(text, contentType).at(-1);
  if (!part) throw new Refusal("parseError", "Parse Error: the multipart body is empty.");
  return part.content;
}

/** Where the delimiter stands alone on a line; with two more hyphens it is the last. */
function* delimiters(text: string, delimiter: string): Generator<{ at: number; end: number; last: boolean }> {
  for (let at = text.indexOf(delimiter); at >= 0; at = text.indexOf(delimiter, at + delimiter.length)) {
    if (at > 0 && text[at - 1] !== "\n") continue;
    const newline = text.indexOf("\n", at);
    const end = newline < 0 ? text.length : newline;
    const rest = text.slice(at + delimiter.length, end).trimEnd();
    if (rest === "" || rest === "--") yield { at, end, last: rest === "--" };
  }
}

/** The headers up to an empty line, and what follows. */
export function headersOf(text: string): Part {
  const gap = /(?:^|\n)[ \t]*(?:\n|$)/.exec(text);
  const headers = new Map<string, string>();
  for (const line of text.slice(0, gap?.index).split("\n", headersMax)) {
    const colon = line.indexOf(":");
    if (colon > 0) headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
  return { headers, content: gap ? text.slice(gap.index + gap[0].length) : "" };
}
