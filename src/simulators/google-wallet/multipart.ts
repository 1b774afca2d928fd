import { Refusal } from "./refusal";

export interface Part {
  /** Names in lower case. */
  headers: Map<string, string>;
  content: string;
}

/** The parts of a multipart body (RFC 2046 §5.1); lines may end in LF alone, as in Google's samples. */
export function partsOf(text: string, contentType: string): Part[] {
  const boundary = /;\s*boundary=(?:"([^"]+)"|([^\s;]+))/i.exec(contentType);
  const delimiter = `--${boundary?.[1] ?? boundary?.[2] ?? ""}`;
  if (delimiter === "--") throw new Refusal("parseError", "Parse Error: the multipart body has no boundary.");
  const parts: string[][] = [];
  let lines: string[] | null = null;
  for (const line of text.replaceAll("\r\n", "\n").split("\n")) {
    const trimmed = line.trimEnd();
    if (trimmed === delimiter || trimmed === `${delimiter}--`) {
      if (lines) parts.push(lines);
      lines = [];
      if (trimmed !== delimiter) return parts.map(toPart);
    } else lines?.push(line);
  }
  throw new Refusal("parseError", "Parse Error: the multipart body is not closed.");
}

/** Of an upload: the file behind its metadata. */
export function lastPart(text: string, contentType: string): string {
  const part = partsOf(text, contentType).at(-1);
  if (!part) throw new Refusal("parseError", "Parse Error: the multipart body is empty.");
  return part.content;
}

function toPart(lines: string[]): Part {
  const { headers, rest } = headersOf(lines);
  return { headers, content: rest.join("\n") };
}

/** The headers up to an empty line, and what follows. */
export function headersOf(lines: string[]): { headers: Map<string, string>; rest: string[] } {
  const end = lines.findIndex((line) => line.trim() === "");
  const head = end < 0 ? lines : lines.slice(0, end);
  const headers = new Map<string, string>();
  for (const line of head) {
    const colon = line.indexOf(":");
    if (colon > 0) headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
  return { headers, rest: end < 0 ? [] : lines.slice(end + 1) };
}
