import { corrupt, fault, type PictureFault } from "./picture-limits";

/** As much of XML 1.0 as an SVG needs: tags and attributes in order. What could reach out of the file is refused. */

export interface XmlElement {
  kind: "element";
  /** As written, with its prefix. */
  name: string;
  attributes: XmlAttribute[];
  /** Elements around it. */
  depth: number;
  /** Whether its start tag is its end, too. */
  closed: boolean;
  /** Behind its start tag. */
  end: number;
}

export interface XmlAttribute {
  name: string;
  value: string;
}

export interface XmlText {
  kind: "text";
  /** Name of the element around it. */
  parent: string;
  value: string;
}

const depthMax = 200;
const namePattern = /^[A-Za-z_:][\w:.-]*/;
const attributePattern = /^\s+([A-Za-z_:][\w:.-]*)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/;
const entities: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** Comments and processing instructions, by how they begin and end. */
const skipped: [start: string, end: string][] = [
  ["<!--", "-->"],
  ["<?", "?>"],
];

class XmlError extends Error {}

/** One that names a DTD, which nothing here reads, and declares nothing itself (XML 1.0, 2.8). */
const plainDoctype =
  /<!DOCTYPE\s+[\w:.-]+(?:\s+(?:PUBLIC\s+(?:"[^"<]*"|'[^'<]*')|SYSTEM)\s+(?:"[^"<]*"|'[^'<]*'))?\s*>/y;

export function readXml(text: string): { ok: true; nodes: (XmlElement | XmlText)[] } | PictureFault {
  const declared = [...text.matchAll(/<!(DOCTYPE|ENTITY)/gi)];
  const doctype = declared.length === 1 ? doctypeAt(text, declared[0]!.index) : null;
  if (declared.length > 0 && !doctype) {
    return fault("svg_not_allowed", "an SVG may have no DOCTYPE that declares something, and no entities");
  }
  if (/<\?xml-stylesheet/i.test(text))
    return fault("svg_not_allowed", "an SVG may have no style sheet of its own file");
  try {
    return { ok: true, nodes: parse(text) };
  } catch (error) {
    if (!(error instanceof XmlError)) throw error;
    return corrupt(`the SVG is no well-formed XML: ${error.message}`);
  }
}

function doctypeAt(text: string, at: number): string | null {
  plainDoctype.lastIndex = at;
  return plainDoctype.exec(text)?.[0] ?? null;
}

function parse(text: string): (XmlElement | XmlText)[] {
  const nodes: (XmlElement | XmlText)[] = [];
  const open: string[] = [];
  let at = 0;
  while (at < text.length) {
    const aside = skipped.find(([start]) => text.startsWith(start, at));
    if (aside) {
      at = after(text, aside[1], at);
    } else if (nodes.length === 0 && text.startsWith("<!DOCTYPE", at)) {
      at += doctypeAt(text, at)!.length;
    } else if (text.startsWith("<![CDATA[", at)) {
      const end = after(text, "]]>", at);
      nodes.push({ kind: "text", parent: inside(open), value: text.slice(at + 9, end - 3) });
      at = end;
    } else if (text.startsWith("</", at)) {
      const end = after(text, ">", at);
      const name = text.slice(at + 2, end - 1).trimEnd();
      if (open.pop() !== name) throw new XmlError(`</${name.slice(0, 40)}> closes nothing`);
      at = end;
    } else if (text[at] === "<") {
      const element = startTag(text, at, open.length);
      if (open.length === 0 && nodes.some(({ kind }) => kind === "element")) throw new XmlError("it has two roots");
      if (open.length >= depthMax) throw new XmlError(`it is nested more than ${depthMax} deep`);
      nodes.push(element);
      if (!element.closed) open.push(element.name);
      at = element.end;
    } else {
      const end = text.indexOf("<", at);
      const value = text.slice(at, end < 0 ? text.length : end);
      if (open.length > 0) nodes.push({ kind: "text", parent: inside(open), value: decoded(value) });
      else if (value.trim() !== "") throw new XmlError("there is text outside of its root");
      at += value.length;
    }
  }
  if (open.length > 0) throw new XmlError(`<${inside(open)}> is not closed`);
  return nodes;
}

const inside = (open: string[]): string => {
  const name = open.at(-1);
  if (name === undefined) throw new XmlError("there is text outside of its root");
  return name;
};

function after(text: string, end: string, from: number): number {
  const at = text.indexOf(end, from);
  if (at < 0) throw new XmlError(`"${end}" is missing`);
  return at + end.length;
}

function startTag(text: string, start: number, depth: number): XmlElement {
  const name = namePattern.exec(text.slice(start + 1, start + 200))?.[0];
  if (!name) throw new XmlError(`what begins with character ${start + 1} is no tag`);
  const attributes: XmlAttribute[] = [];
  const names = new Set<string>();
  let at = start + 1 + name.length;
  for (;;) {
    const rest = text.slice(at, endOfValue(text, at));
    const found = attributePattern.exec(rest);
    if (!found) break;
    const [whole, attribute, double, single] = found;
    if (names.has(attribute!)) throw new XmlError(`${attribute!.slice(0, 40)} is there twice`);
    names.add(attribute!);
    attributes.push({ name: attribute!, value: decoded(double ?? single ?? "") });
    at += whole.length;
  }
  const tail = /^\s*(\/?)>/.exec(text.slice(at, at + 1000));
  if (!tail) throw new XmlError(`the tag <${name.slice(0, 40)}> is broken`);
  return { kind: "element", name, attributes, depth, closed: tail[1] === "/", end: at + tail[0].length };
}

/** Just behind the value that begins next: slices stay short, so a long file is read in linear time. */
function endOfValue(text: string, from: number): number {
  const quote = /["'>]/g;
  quote.lastIndex = from;
  const found = quote.exec(text);
  if (!found || found[0] === ">") return found ? found.index : text.length;
  const end = text.indexOf(found[0], found.index + 1);
  return end < 0 ? text.length : end + 1;
}

function decoded(text: string): string {
  return text.replace(/&(#x[0-9a-f]{1,6}|#\d{1,7}|\w{1,20});|&/gi, (_, name: string | undefined) => {
    if (name === undefined) throw new XmlError("an & stands alone");
    const code = /^#x/i.test(name) ? parseInt(name.slice(2), 16) : name.startsWith("#") ? Number(name.slice(1)) : null;
    if (code !== null && code > 0 && code <= 0x10ffff) return String.fromCodePoint(code);
    const named = Object.hasOwn(entities, name) ? entities[name] : undefined;
    if (named === undefined) throw new XmlError(`the entity &${name}; is unknown`);
    return named;
  });
}
