import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { signupPage, withParameters } from "../../src/google-wallet/signup/location";

const pageOf = (publicUri: string, url: string): string => {
  const result = signupPage(publicUri, url);
  return result.ok ? result.page : `refused: ${result.reason}`;
};

describe("the page that a person is led to", () => {
  it.each([
    ["https://shop.example", "", "https://shop.example/"],
    ["https://shop.example", "/join", "https://shop.example/join"],
    ["https://shop.example", "join", "https://shop.example/join"],
    ["https://shop.example/", "/join", "https://shop.example/join"],
    ["https://shop.example/", "/", "https://shop.example/"],
    ["https://shop.example/app", "", "https://shop.example/app"],
    ["https://shop.example/app", "/", "https://shop.example/app/"],
    ["https://shop.example/app", "join/now", "https://shop.example/app/join/now"],
    ["https://shop.example/app/", "/join/", "https://shop.example/app/join/"],
    ["https://shop.example/app/", "", "https://shop.example/app/"],
    ["https://shop.example/app?shop=12", "", "https://shop.example/app?shop=12"],
    ["https://shop.example/app?shop=12", "/join?a=b%20c&a=+", "https://shop.example/app/join?shop=12&a=b%20c&a=+"],
    ["https://shop.example/app?shop=12", "?a=1", "https://shop.example/app?shop=12&a=1"],
    ["https://shop.example/app#top", "", "https://shop.example/app#top"],
    ["https://shop.example/app#top", "/join", "https://shop.example/app/join"],
    ["https://shop.example/app#top", "/join#form", "https://shop.example/app/join#form"],
    ["https://shop.example/app#top", "#form", "https://shop.example/app#form"],
    ["https://shop.example", "/join?#", "https://shop.example/join#"],
    [
      "https://shop.example",
      "/a?next=https://other.example//x/../y",
      "https://shop.example/a?next=https://other.example//x/../y",
    ],
    ["https://shop.example", "/a?b?c#d?e#f", "https://shop.example/a?b?c#d?e#f"],
    ["https://shop.example", "/@zoe", "https://shop.example/@zoe"],
    ["https://shop.example", "@other.example", "https://shop.example/@other.example"],
    ["https://shop.example", ".other.example", "https://shop.example/.other.example"],
    ["https://shop.example", "/a:b", "https://shop.example/a:b"],
    ["https://shop.example", "/über uns/…", "https://shop.example/%C3%BCber%20uns/%E2%80%A6"],
    ["https://shop.example", "/a%2Fb/c%252Fd/100%", "https://shop.example/a%2Fb/c%252Fd/100%"],
    ["https://shop.example", "/.well-known/...", "https://shop.example/.well-known/..."],
    ["http://localhost:8080/app", "/join", "http://localhost:8080/app/join"],
    ["https://zoe:secret@shop.example/app", "/join", "https://shop.example/app/join"],
    ["https://bücher.example", "/join", "https://xn--bcher-kva.example/join"],
  ])("R272 R273 joins %s and %s", (publicUri, url, expected) => {
    expect(pageOf(publicUri, url)).toBe(expected);
  });

  it("R273 puts the values behind the query that is there, and keeps that as it is", () => {
    const values = { firstName: "Zoë & Co", email: "z+1@example.com" };
    const query = "firstName=Zo%C3%AB+%26+Co&email=z%2B1%40example.com";
    expect(withParameters("https://shop.example/", values)).toBe(`https://shop.example/?${query}`);
    expect(withParameters("https://shop.example/a?b=c%20d&e='#f", values)).toBe(
      `https://shop.example/a?b=c%20d&e=%27&${query}#f`,
    );
    expect(withParameters("https://shop.example/a?b#f", {})).toBe("https://shop.example/a?b#f");
  });

  it("R273 takes the place of what the query has under the same names, however they are written", () => {
    const page = "https://shop.example/a?prefill=x&ref=%70refill&pre%66ill=y&prefill&Prefill=z&&a+b";
    expect(withParameters(page, { prefill: "t" })).toBe("https://shop.example/a?ref=%70refill&Prefill=z&a+b&prefill=t");
  });

  it.each([
    ["scheme", "https://other.example"],
    ["scheme", "https:/other.example"],
    ["scheme", "https:other.example"],
    ["scheme", "HTTPS:other.example"],
    ["scheme", "javascript:alert(1)"],
    ["scheme", "data:text/html,x"],
    ["scheme", "intent:x#Intent;end"],
    ["scheme", "a:b/c"],
    ["scheme", "zoe:secret@other.example"],
    ["scheme", ":80"],
    ["scheme", "javascript%3Aalert(1)"],
    ["scheme", "java%73cript%253Aalert(1)"],
    ["scheme", "https：other.example"],
    ["double_slash", "//other.example"],
    ["double_slash", "///other.example"],
    ["double_slash", "/a//b"],
    ["double_slash", "/join//"],
    ["double_slash", "%2F/other.example"],
    ["double_slash", "/%2fother.example"],
    ["double_slash", "%2fother.example"],
    ["double_slash", "%252fother.example"],
    ["double_slash", "／other.example"],
    ["double_slash", "%2f%2fother.example"],
    ["double_slash", "%252f%252fother.example"],
    ["double_slash", "%25252f%25252fother.example"],
    ["double_slash", "/a%2F%2Fb"],
    ["double_slash", "/%25%32%66other.example"],
    ["double_slash", "／／other.example"],
    ["double_slash", "/%EF%BC%8Fother.example"],
    ["backslash", "\\\\other.example"],
    ["backslash", "/\\other.example"],
    ["backslash", "/a?b=\\"],
    ["backslash", "/%5Cother.example"],
    ["backslash", "/%255cother.example"],
    ["backslash", "/＼other.example"],
    ["dot_segment", ".."],
    ["dot_segment", "/../admin"],
    ["dot_segment", "/a/../../admin"],
    ["dot_segment", "/a/."],
    ["dot_segment", "/./a"],
    ["dot_segment", "/%2e%2e/admin"],
    ["dot_segment", "/.%2E/admin"],
    ["dot_segment", "/%252e%252e/admin"],
    ["dot_segment", "/%25252e%25252e/admin"],
    ["dot_segment", "/%%32e%%32e/admin"],
    ["dot_segment", "/a%2f..%2fadmin"],
    ["dot_segment", "/..;/admin"],
    ["dot_segment", "/..;x=1/admin"],
    ["dot_segment", "/．．/admin"],
    ["dot_segment", "/%EF%BC%8E%EF%BC%8E/admin"],
    ["dot_segment", "/‥/admin"],
    ["control_character", "/a\tb"],
    ["control_character", "/\n/other.example"],
    ["control_character", "/a\r\nset-cookie: x"],
    ["control_character", "\u0000/a"],
    ["control_character", "/a\u007f"],
    ["control_character", "/a\u0085"],
    ["control_character", "/a?b=\u0001"],
    ["control_character", "/a#\n"],
    ["control_character", "/%09/other.example"],
    ["control_character", "/%0d%0aset-cookie"],
    ["control_character", "/%00"],
    ["control_character", "/%2500"],
    ["control_character", "/%C2%85"],
    ["surrounding_whitespace", " /join"],
    ["surrounding_whitespace", "/join "],
    ["surrounding_whitespace", "\u00a0//other.example"],
    ["surrounding_whitespace", "\ufeff/join"],
    ["surrounding_whitespace", "%20/join"],
    ["surrounding_whitespace", "/join%20?a=1"],
    ["half_surrogate", "/\ud800"],
    ["half_surrogate", "/a?b=\udc00"],
    ["bad_percent_encoding", "/%c0%ae%c0%ae/admin"],
    ["bad_percent_encoding", "/%ff"],
    ["bad_percent_encoding", "/%25ff"],
    ["bad_percent_encoding", `/%${"25".repeat(8)}41`],
    ["too_long", `/${"x".repeat(2048)}`],
  ])("R272 refuses for its %s: %j", (reason, url) => {
    for (const publicUri of ["https://shop.example", "https://shop.example/app/"]) {
      expect(signupPage(publicUri, url)).toEqual({ ok: false, reason });
    }
  });

  it("R272 takes a path that is encoded eight times, and as long as is allowed", () => {
    expect(signupPage("https://shop.example", `/%${"25".repeat(7)}41`).ok).toBe(true);
    expect(signupPage("https://shop.example", `/${"x".repeat(2047)}`).ok).toBe(true);
  });
});

const sites = [
  "https://shop.example",
  "https://shop.example/",
  "https://shop.example/app",
  "https://shop.example/app/",
  "https://shop.example/a/b.c/?shop=12#top",
  "https://zoe:secret@shop.example:8443/app",
  "http://localhost:8080/x%20y/",
  "https://bücher.example/über",
];

/** What attacks are made of; the shrinker goes towards the front. */
const morsels = [
  Array.from("a/\\.%:@?#;&="),
  ["\t", "\n", "\r", " ", "\u0000", "\u007f", "\u0085", "\u00a0", "\u2028", "\ufeff", "\ud800", "\udc00"],
  ["2e", "2E", "2f", "2F", "5c", "3a", "25", "00", "0d%0a", "09", "40", "c0%ae", "e0%80%af"],
  ["%2e", "%2f", "%5c", "%3a", "%40", "%3f", "%23", "%252e", "%252f", "%255c", "%25252f", "%%32f", "%25%32%65"],
  ["．", "／", "＼", "：", "‥", "。", "⁄", "∕", "%EF%BC%8E", "%EF%BC%8F", "%u002e", "ｈ", "℀"],
  ["..", "../", "/..", "//", "..;/", ".%2e/", "%2e%2e/", "/./", "\\\\", "/\\", "https:", "http://", "javascript:"],
  ["other.example", "zoe:secret@", "@other.example", "[::1]", ":443", "app", "shop.example", "data:,x", "join"],
].flat();

const attack = fc
  .array(
    fc.oneof(
      { weight: 8, arbitrary: fc.constantFrom(...morsels) },
      { weight: 1, arbitrary: fc.string({ unit: "binary" }) },
    ),
    {
      maxLength: 9,
    },
  )
  .map((parts) => parts.join(""));

/** The whole attack once more encoded, as gateways decode. */
const encoded = fc.tuple(attack, fc.integer({ min: 0, max: 3 })).map(([url, times]) => {
  let text = url.toWellFormed();
  for (let time = 0; time < times; time += 1) text = encodeURIComponent(text);
  return text;
});

const segmentsOf = (path: string): string[] => path.split(/[/\\]/);

function decodedPaths(path: string): string[] {
  const paths = [path];
  for (let time = 0; time < 2; time += 1) {
    paths.push(paths.at(-1)!.replace(/(?:%[\da-f]{2})+/gi, (run) => decodeURIComponent(run)));
  }
  return paths;
}

describe("R272 R273 no url leads away from the tenant's site", () => {
  it.each(sites.map((site) => [site]))("R272 R273 of %s", (publicUri) => {
    const site = new URL(publicUri);
    const folder = site.pathname.replace(/\/$/, "");
    let taken = 0;
    fc.assert(
      fc.property(fc.oneof(attack, encoded), (url) => {
        const result = signupPage(publicUri, url);
        if (!result.ok) return;
        taken += 1;
        const location = withParameters(result.page, { firstName: "Zoë" });
        // A Location is ASCII, and is what the parser makes of it.
        expect(location).toMatch(/^[\x21-\x7e]+$/);
        const target = new URL(location);
        expect(target.href).toBe(location);
        expect(target.origin).toBe(site.origin);
        expect(target.username + target.password).toBe("");
        expect(target.pathname === site.pathname || target.pathname.startsWith(`${folder}/`)).toBe(true);
        for (const path of decodedPaths(target.pathname)) {
          expect(segmentsOf(path).filter((segment) => segment === "." || segment === "..")).toEqual([]);
          expect(path).not.toMatch(/\/\/|\\|\p{Cc}/u);
        }
        expect(target.searchParams.getAll("firstName")).toContain("Zoë");
      }),
      { numRuns: 3000, seed: 2026 },
    );
    expect(taken).toBeGreaterThan(100);
  });

  it("R272 R273 a plain path is always taken", () => {
    const segment = fc.stringMatching(/^[\p{L}\p{N}_~!$&'()*+,=@-][\p{L}\p{N}._~!$&'()*+,=@:-]*$/u).filter((text) => {
      const plain = text.normalize("NFKC");
      return !plain.includes("/") && !plain.startsWith(".");
    });
    fc.assert(
      fc.property(
        fc.array(segment, { minLength: 1, maxLength: 4 }),
        fc.dictionary(fc.string(), fc.string(), { maxKeys: 3 }),
        (segments, query) => {
          const path = `/${segments.map(encodeURIComponent).join("/")}`;
          const search = new URLSearchParams(query).toString();
          const result = signupPage("https://shop.example/app", `${path}?${search}`);
          expect(result).toMatchObject({ ok: true });
          const { pathname, searchParams } = new URL((result as { page: string }).page);
          expect(pathname).toBe(`/app${path}`);
          expect(Object.fromEntries(searchParams)).toEqual(query);
        },
      ),
      { numRuns: 500, seed: 2026 },
    );
  });
});
