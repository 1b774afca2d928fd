import { describe, expect, it } from "vitest";
import { readPicture, type Picture } from "../../src/pkpass/picture";

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (file: Uint8Array) => new TextDecoder().decode(file);
const xmlns = 'xmlns="http://www.w3.org/2000/svg"';
const svg = (content: string, attributes = 'viewBox="0 0 10 5"') => `<svg ${xmlns} ${attributes}>${content}</svg>`;

async function sound(source: string): Promise<Picture> {
  const read = await readPicture(bytes(source));
  if (!read.ok) throw new Error(`${read.code}: ${read.detail}`);
  return read.picture;
}

async function refusal(source: string | Uint8Array): Promise<[code: string, detail: string]> {
  const read = await readPicture(typeof source === "string" ? bytes(source) : source);
  return read.ok ? ["accepted", ""] : [read.code, read.detail];
}

describe("R256 an SVG", () => {
  it.each([
    ['width="100" height="50"', [2048, 1024]],
    ['width="1in" height="2in"', [1024, 2048]],
    ['width="72pt" height="48px"', [2048, 1024]],
    ['width="25.4mm" height="1.27cm"', [2048, 1024]],
    ['width="100%" height="100%" viewBox="0 0 30 10"', [2048, 683]],
    ['viewBox="-5,-5 , 30 30"', [2048, 2048]],
    ['width="50" viewBox="0 0 10 20"', [1024, 2048]],
    ['height="1e2" viewBox="0 0 10 20"', [1024, 2048]],
    ['width="40000" height="1"', [2048, 1]],
  ])("with %s is drawn with %j pixels", async (attributes, [width, height]) => {
    expect(await sound(svg("", attributes))).toMatchObject({
      mediaType: "image/svg+xml",
      width,
      height,
      orientation: 1,
    });
  });

  it("is kept as it was sent, and drawn with the size on its root", async () => {
    const sent = `\uFEFF<?xml version="1.0" encoding="UTF-8"?>\n<!-- a > b --><svg ${xmlns} width='20' height='10' class="a &amp; &quot;b&quot;" data-width="7"/>\n`;
    const { file, source } = await sound(sent);
    expect(file).toEqual(bytes(sent));
    expect(text(source)).toBe(
      `<svg ${xmlns} class="a &#38; &#34;b&#34;" data-width="7" width="2048" height="1024" viewBox="0 0 20 10"/>\n`,
    );
    // What was made of it is an SVG of the same size.
    expect(await sound(text(source))).toMatchObject({ width: 2048, height: 1024 });
  });

  it.each([
    ["a prefix", `<s:svg xmlns:s="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><s:rect/></s:svg>`],
    ["parts of itself", svg('<g id="a"/><use href="#a"/><rect fill="url(#g)" style="filter:url(\'#f\')"/>')],
    ["a picture as data", svg('<image href="data:image/png;base64,AAAA"/><image href="data:image/jpeg;base64,AAAA"/>')],
    ["styles", svg("<style><![CDATA[ .a { fill: red } .a > .b { stroke: url(#c) } ]]></style>")],
    ["names with brackets", svg('<g id="image (1)" transform="translate(1 2)" data-name="src (copy)"/>')],
    [
      "metadata of its editor",
      svg("<metadata><?xpacket begin='x'?><rdf:RDF xmlns:rdf='http://r' rdf:about='http://x'/></metadata>"),
    ],
    ["repeated parts", svg(`<defs><g id="a"><path/><path/></g></defs>${'<use href="#a"/>'.repeat(3000)}`)],
    ["characters by number", svg("<text>&#169; &#xA9; &lt;x&gt;</text>")],
  ])("may have %s", async (_, source) => {
    expect(await refusal(source)).toEqual(["accepted", ""]);
  });
});

describe("R256 the DOCTYPE that drawing programs write", () => {
  const dtd = "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd";
  it.each([
    ["Illustrator", `<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "${dtd}">`],
    ["Inkscape", `<!DOCTYPE svg\n  PUBLIC '-//W3C//DTD SVG 1.1//EN'\n  '${dtd}'\n>`],
    ["others", `<!DOCTYPE svg SYSTEM "${dtd}">`],
    ["a prefix", `<!DOCTYPE svg:svg>`],
  ])("of %s is not in what is drawn", async (_, doctype) => {
    const sent = `<?xml version="1.0"?>\n<!-- made by -->\n${doctype}\n${svg("<g/>")}`;
    const { file, source } = await sound(sent);
    expect(text(file)).toBe(sent);
    expect(text(source)).toMatch(/^<svg /);
    expect(text(source)).not.toContain("DOCTYPE");
  });
});

describe("R222 an SVG whose parts repeat", () => {
  const uses = (id: string, count: number) => `<use xlink:href="#${id}"/>`.repeat(count);
  const repeated = "the SVG repeats its parts to more than 10000 elements";
  it.each([
    [
      "a thousand million times",
      Array.from({ length: 9 }, (_, at) => `<g id="a${at + 1}">${uses(`a${at}`, 10)}</g>`).join(""),
    ],
    ["by one part that is large", `<g id="b">${"<path/>".repeat(5000)}</g>${uses("b", 3)}`],
    [
      "beyond any number",
      Array.from({ length: 2000 }, (_, at) => `<g id="a${at + 1}">${uses(`a${at}`, 10)}</g>`).join(""),
    ],
    [
      "from the last to the first",
      Array.from({ length: 9 }, (_, at) => `<g id="a${9 - at}">${uses(`a${8 - at}`, 10)}</g>`).join(""),
    ],
  ])("%s is refused at once", async (_, content) => {
    const started = performance.now();
    expect(await refusal(svg(`<g id="a0"><path/></g>${content}`))).toEqual(["image_too_complex", repeated]);
    expect(performance.now() - started).toBeLessThan(500);
  });

  it.each([
    ["itself", '<g id="a"><use href="#a"/></g>'],
    ["what repeats it", '<g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g>'],
  ])("by repeating %s is refused", async (_, content) => {
    expect(await refusal(svg(content))).toEqual(["image_too_complex", "the SVG repeats a part inside of itself"]);
  });

  it("in a long chain is refused, too", async () => {
    const chain = Array.from({ length: 15_000 }, (_, at) => `<g id="a${at + 1}">${uses(`a${at}`, 1)}</g>`).join("");
    expect((await refusal(svg(`<g id="a0"/>${chain}`)))[0]).toBe("image_too_complex");
  });

  it.each([
    ["many effects", `<filter id="f">${"<feGaussianBlur/>".repeat(51)}</filter>`],
    [
      "a few on many shapes",
      `<filter id="f">${"<feOffset/>".repeat(5)}</filter>${'<path filter="url(#f)"/>'.repeat(11)}`,
    ],
    ["turbulence without end", '<filter id="f"><feTurbulence numOctaves="100000"/></filter>'],
  ])("with filters that take minutes is refused: %s", async (_, content) => {
    expect((await refusal(svg(content)))[0]).toBe("image_too_complex");
  });
});

describe("R222 an SVG that reaches out of itself", () => {
  it.each([
    ["a DOCTYPE", `<!DOCTYPE svg [<!ENTITY a "b">]>${svg("&a;")}`],
    ["a DOCTYPE with a file and entities", `<!DOCTYPE svg PUBLIC "a" "b.dtd" [ ]>${svg("")}`],
    ["a second DOCTYPE", `<!DOCTYPE svg><!DOCTYPE svg>${svg("")}`],
    ["an entity without a DOCTYPE", `<?xml version="1.0"?><!ENTITY a "b">${svg("")}`],
    ["a style sheet", `<?xml-stylesheet href="https://evil.com/a.css"?>${svg("")}`],
    ["a script", svg("<script>alert(1)</script>")],
    ["a script under a prefix", svg('<x:script xmlns:x="http://www.w3.org/2000/svg">1</x:script>')],
    ["a script in capitals", svg("<SCRIPT/>")],
    ["HTML", svg("<foreignObject><p/></foreignObject>")],
    ["an event handler", svg("", 'viewBox="0 0 1 1" onload="x()"')],
    ["an event handler in capitals", svg('<g OnClick="x()"/>')],
    ["a picture elsewhere", svg('<image href="https://evil.com/a.png"/>')],
    ["a picture elsewhere, the old way", svg('<image xlink:href="//evil.com/a.png"/>')],
    ["a file", svg('<image href="file:///etc/passwd"/>')],
    ["a relative file", svg('<image href="../../secret.png"/>')],
    ["a nested SVG", svg('<image href="data:image/svg+xml;base64,AAAA"/>')],
    ["a part of another file", svg('<use href="other.svg#a"/>')],
    ["a link by script", svg('<a href="java&#115;cript:alert(1)"><g/></a>')],
    ["a fill elsewhere", svg('<rect fill="url(https://evil.com/#a)"/>')],
    ["a style elsewhere", svg('<rect style="fill: URL( &quot;https://evil.com/&quot; )"/>')],
    ["an escaped url()", svg('<rect style="fill:\\75 rl(https://evil.com/)"/>')],
    ["a backslash in url()", svg("<style>a{fill:\\url(https://evil.com/)}</style>")],
    ["an import", svg('<style>@import "https://evil.com/a.css";</style>')],
    ["an import in CDATA", svg('<style><![CDATA[@import "https://evil.com/a.css";]]></style>')],
    ["an import in two halves", svg('<style>@im<!-- -->port "https://evil.com/a.css";</style>')],
    ["an escaped import", svg('<style>@\\69mport "https://evil.com/a.css";</style>')],
    ["an image set", svg("<style>a{background:image-set('https://evil.com/a.png' 1x)}</style>")],
    ["another base", svg('<g xml:base="https://evil.com/"><use href="#a"/></g>')],
  ])("by %s is refused", async (_, source) => {
    const [code, detail] = await refusal(source);
    expect(code).toBe("svg_not_allowed");
    expect(detail).toMatch(/^an SVG may /);
  });
});

describe("R222 an SVG that is none", () => {
  const malformed = "the SVG is no well-formed XML: ";
  it.each([
    ["not closed", svg("<g>"), "</svg> closes nothing"],
    ["closed nowhere", `<svg ${xmlns} viewBox="0 0 1 1">`, "<svg> is not closed"],
    ["cut off in a tag", `<svg ${xmlns} viewBox="0 0`, "the tag <svg> is broken"],
    ["cut off in a comment", `<!-- <svg ${xmlns}/>`, '"-->" is missing'],
    ["followed by a second root", `${svg("")}${svg("")}`, "it has two roots"],
    ["followed by a DOCTYPE", `${svg("")}<!DOCTYPE svg>`, "what begins with character 66 is no tag"],
    ["followed by text", `${svg("")}text`, "there is text outside of its root"],
    ["with an attribute twice", svg("", 'width="1" width="2"'), "width is there twice"],
    ["with a bare attribute", svg("", "width=1"), "the tag <svg> is broken"],
    ["with a bare &", svg("<text>a & b</text>"), "an & stands alone"],
    ["with an entity of HTML", svg("<text>&nbsp;</text>"), "the entity &nbsp; is unknown"],
    ["with a name of JavaScript as entity", svg("<text>&constructor;</text>"), "the entity &constructor; is unknown"],
    ["nested too deep", svg("<g>".repeat(201)), "it is nested more than 200 deep"],
  ])("%s is refused", async (_, source, detail) => {
    expect(await refusal(source)).toEqual(["corrupt_image", malformed + detail]);
  });

  it("in another encoding, of another kind, without a size or of more than 1 MB is refused", async () => {
    expect(await refusal(join(bytes("<svg>"), 0xff, 0xfe))).toEqual(["corrupt_image", "the SVG is not UTF-8"]);
    const latin = `<?xml version="1.0" encoding="ISO-8859-1"?>${svg("")}`;
    expect(await refusal(latin)).toEqual(["corrupt_image", "the SVG must be UTF-8, and says that it is not"]);
    for (const source of ["<svg/>", '<?xml version="1.0"?><note/>', '<svg xmlns="http://example.com"/>']) {
      expect((await refusal(source))[0]).toBe("unsupported_image");
    }
    for (const attributes of [
      "",
      'width="100%"',
      'width="0" height="0"',
      'viewBox="0 0 0 10"',
      'width="5em" height="-1"',
    ]) {
      expect((await refusal(svg("", attributes)))[0], attributes).toBe("svg_without_size");
    }
    expect(await refusal(svg(" ".repeat(1_000_000)))).toEqual([
      "image_too_large",
      "an SVG may have at most 1000000 bytes",
    ]);
  });

  it("is read in a moment, however it is made", async () => {
    const million = (part: string) => part.repeat(Math.floor(990_000 / part.length));
    const numbered = Array.from({ length: 90_000 }, (_, index) => `a${index}=""`).join(" ");
    for (const content of [
      million("<g/>"),
      million("<!---->"),
      million("&#1;"),
      million("<"),
      million('"'),
      `<g ${numbered}/>`,
      `<g ${million("a=")}/>`,
      `<g a="${million("url(")}"/>`,
      `<style>${million("\\a")}</style>`,
    ]) {
      const started = performance.now();
      await readPicture(bytes(svg(content)));
      expect(performance.now() - started, content.slice(0, 20)).toBeLessThan(1500);
    }
  });
});

function join(start: Uint8Array, ...rest: number[]): Uint8Array {
  return Uint8Array.from([...start, ...rest]);
}
