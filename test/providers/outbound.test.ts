import { afterEach, describe, expect, it, vi } from "vitest";
import { guardedFetch } from "../../src/providers/outbound/guard";

type Answers = Record<string, (init: RequestInit) => Response | Promise<Response>>;

const limits = { bytesMax: 100, timeoutMs: 1000 };

/** A guard over an internet that consists of these URLs; `seen` are those that were asked for. */
function internet(answers: Answers, { allowLoopback = false } = {}) {
  const seen: { url: string; init: RequestInit }[] = [];
  const fetchPublic = guardedFetch({
    allowLoopback,
    fetch: async (url, init) => {
      seen.push({ url, init });
      const answer = answers[url];
      if (!answer) throw new TypeError("no route to host 10.1.2.3");
      return answer(init);
    },
  });
  return { fetchPublic, seen };
}

const redirect =
  (location: string, status = 302) =>
  () =>
    new Response("go", { status, headers: { location } });
const text =
  (body: string, headers: Record<string, string> = {}) =>
  () =>
    new Response(body, { headers });

afterEach(() => vi.restoreAllMocks());

describe("R055 a URL that a user gives", () => {
  it("is fetched, and nothing of the caller goes with it", async () => {
    const { fetchPublic, seen } = internet({
      "https://img.shop.com/a.png": text("picture", { "content-type": "Image/PNG; q=1" }),
    });
    const answer = await fetchPublic("https://img.shop.com/a.png", limits);
    expect(answer).toMatchObject({ ok: true, mediaType: "image/png" });
    expect(answer.ok && new TextDecoder().decode(answer.bytes)).toBe("picture");
    const headers = new Headers(seen[0]!.init.headers);
    expect([...headers.keys()].toSorted()).toEqual(["accept", "user-agent"]);
    expect(seen[0]!.init.redirect).toBe("manual");
  });

  it("R219 is fetched, through redirects, too, with the trace of the request and no other word of it", async () => {
    const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    const sent: [string, string][][] = [];
    const fetch = async (url: string, { headers }: RequestInit) => {
      sent.push([...new Headers(headers)]);
      return url.endsWith("/a") ? redirect("/b")() : new Response("picture");
    };
    const fetchPublic = guardedFetch({ allowLoopback: false, traceparent, fetch });
    expect((await fetchPublic("https://img.shop.com/a", limits)).ok).toBe(true);
    const expected = { accept: "*/*", traceparent, "user-agent": "WePass/2" };
    expect(sent.map((headers) => Object.fromEntries(headers))).toEqual([expected, expected]);
  });

  it("is fetched by the global fetch unless told otherwise", async () => {
    const spy = vi.spyOn(globalThis, "fetch").mockResolvedValue(new Response("x"));
    expect((await guardedFetch({ allowLoopback: false })("https://img.shop.com/", limits)).ok).toBe(true);
    expect(spy).toHaveBeenCalledOnce();
  });

  it.each([
    "https://8.8.8.8/a",
    "https://shop.com:443/a",
    "https://xn--bcher-kva.com/a",
    "https://172.15.0.1/",
    "https://100.128.0.1/",
  ])("may be %s", async (url) => {
    const { fetchPublic, seen } = internet({ [url.replace(":443", "")]: text("x"), [url]: text("x") });
    expect((await fetchPublic(url, limits)).ok).toBe(true);
    expect(seen).toHaveLength(1);
  });

  it("follows three redirects, relative ones too", async () => {
    const { fetchPublic } = internet({
      "https://a.com/": redirect("https://b.com/x"),
      "https://b.com/x": redirect("/y", 301),
      "https://b.com/y": redirect("//c.com/z", 308),
      "https://c.com/z": text("there"),
    });
    expect(await fetchPublic("https://a.com/", limits)).toMatchObject({ ok: true });
  });
});

describe("R222 a URL that may not be fetched", () => {
  it.each([
    ["http://shop.com/a.png", "the URL must be https"],
    ["ftp://shop.com/a.png", "the URL must be https"],
    ["file:///etc/passwd", "the URL must be https"],
    ["data:image/png;base64,AAAA", "the URL must be https"],
    ["https://", "the URL is malformed"],
    ["https://shop.com:8443/", "the URL may name no port; https is served on 443"],
    ["https://shop.com:80/", "the URL may name no port; https is served on 443"],
    ["https://user@shop.com/", "a URL may hold no user name and no password"],
    ["https://:secret@shop.com/", "a URL may hold no user name and no password"],
    [`https://shop.com/${"a".repeat(2048)}`, "a URL may have at most 2048 characters"],
  ])("%s", async (url, detail) => {
    const { fetchPublic, seen } = internet({});
    expect(await fetchPublic(url, limits)).toEqual({ ok: false, code: "url_not_allowed", detail });
    expect(seen).toEqual([]);
  });

  it.each([
    "localhost",
    "LOCALHOST",
    "a.localhost",
    "localhost.",
    "shop.com.",
    "router",
    "printer.local",
    "metadata.google.internal",
    "nas.home.arpa",
    "x.onion",
    "x.test",
    "x.example",
    "x.invalid",
    "nas.lan",
    "127.0.0.1",
    "127.1",
    "127.0.0.1.",
    "2130706433",
    "0x7f000001",
    "0177.0.0.1",
    "0",
    "0.0.0.0",
    "①②⑦.0.0.1",
    "127。0。0。1",
    "10.0.0.1",
    "100.64.0.1",
    "100.100.100.200",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "192.0.0.192",
    "192.0.2.1",
    "198.18.0.1",
    "198.51.100.7",
    "203.0.113.7",
    "224.0.0.1",
    "255.255.255.255",
    "168.63.129.16",
    "[::]",
    "[::1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:8.8.8.8]",
    "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]",
    "[2001::1]",
    "[fe80::1]",
    "[fd00:ec2::254]",
    "[2606:4700::1111]",
  ])("because its host is %s", async (host) => {
    const { fetchPublic, seen } = internet({});
    const answer = await fetchPublic(`https://${host}/latest/meta-data`, limits);
    expect(answer).toMatchObject({
      ok: false,
      code: "url_not_allowed",
      detail: "the URL must lead to a host on the public internet",
    });
    expect(seen).toEqual([]);
  });

  it("looks at every redirect again", async () => {
    for (const location of [
      "https://169.254.169.254/",
      "http://shop.com/",
      "https://shop.com:22/",
      "//localhost/",
      "https://a:b@shop.com/",
      "gopher://shop.com/",
    ]) {
      const { fetchPublic, seen } = internet({
        "https://a.com/": redirect("https://b.com/"),
        "https://b.com/": redirect(location),
      });
      const answer = await fetchPublic("https://a.com/", limits);
      expect(answer, location).toMatchObject({ ok: false, code: "url_not_allowed" });
      expect(!answer.ok && answer.detail).toMatch(/^it redirects, and then the URL|^it redirects, and then a URL/);
      expect(seen).toHaveLength(2);
    }
  });

  it("stops at the fourth redirect, and where one leads nowhere", async () => {
    const circle = internet({ "https://a.com/": redirect("https://a.com/") });
    expect(await circle.fetchPublic("https://a.com/", limits)).toMatchObject({
      code: "url_unreachable",
      detail: "the URL redirects more than 3 times",
    });
    expect(circle.seen).toHaveLength(4);
    for (const answer of [() => new Response(null, { status: 302 }), redirect("https://[")]) {
      const { fetchPublic } = internet({ "https://a.com/": answer });
      expect(await fetchPublic("https://a.com/", limits)).toMatchObject({ code: "url_unreachable" });
    }
  });

  it.each([404, 401, 500, 304])("says that it answers %i", async (status) => {
    const { fetchPublic } = internet({
      "https://a.com/": () => new Response(status === 304 ? null : "secret", { status }),
    });
    expect(await fetchPublic("https://a.com/", limits)).toEqual({
      ok: false,
      code: "url_unreachable",
      detail: `the URL answers ${status}`,
    });
  });

  it("says that the server broke off in the middle", async () => {
    const broken = new ReadableStream({
      pull(controller) {
        controller.error(new TypeError("connection to 10.1.2.3 reset"));
      },
    });
    const { fetchPublic } = internet({ "https://a.com/": () => new Response(broken) });
    const answer = await fetchPublic("https://a.com/", limits);
    const detail = "the server of the URL could not be reached, or broke off";
    expect(answer).toEqual({ ok: false, code: "url_unreachable", detail });
  });

  it("says that nobody answers, and not why", async () => {
    const answer = await internet({}).fetchPublic("https://a.com/", limits);
    expect(answer).toMatchObject({ ok: false, code: "url_unreachable" });
    expect(JSON.stringify(answer)).not.toContain("10.1.2.3");
  });
});

describe("R222 what a URL answers", () => {
  it("may have as many bytes as allowed, and no more, whatever it announces", async () => {
    const of = (length: number, headers: Record<string, string> = {}) =>
      internet({ "https://a.com/": text("x".repeat(length), headers) });
    expect((await of(100).fetchPublic("https://a.com/", limits)).ok).toBe(true);
    const tooLarge = { ok: false, code: "url_too_large", detail: "the file at the URL has more than 100 bytes" };
    expect(await of(101).fetchPublic("https://a.com/", limits)).toEqual(tooLarge);
    expect(await of(101, { "content-length": "5" }).fetchPublic("https://a.com/", limits)).toEqual(tooLarge);
    expect(await of(5, { "content-length": "101" }).fetchPublic("https://a.com/", limits)).toEqual(tooLarge);
  });

  it("is read no further than that", async () => {
    let pulled = 0;
    let cancelled = false;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        pulled += 1;
        controller.enqueue(new Uint8Array(60));
      },
      cancel() {
        cancelled = true;
      },
    });
    const { fetchPublic } = internet({ "https://a.com/": () => new Response(endless) });
    expect(await fetchPublic("https://a.com/", limits)).toMatchObject({ code: "url_too_large" });
    expect(pulled).toBeLessThan(6);
    expect(cancelled).toBe(true);
  });

  it("must be there in time, with its body", async () => {
    const never = new Promise<Response>(() => undefined);
    const stuck = () => new Response(new ReadableStream({ pull: () => never as unknown as Promise<void> }));
    const answers: Answers = { "https://slow.com/": () => never, "https://stuck.com/": stuck };
    for (const url of Object.keys(answers)) {
      const { fetchPublic, seen } = internet(answers);
      const answer = await fetchPublic(url, { bytesMax: 100, timeoutMs: 20 });
      expect(answer).toEqual({
        ok: false,
        code: "url_timeout",
        detail: "the URL did not answer whole within 0.02 seconds",
      });
      expect(seen[0]!.init.signal!.aborted).toBe(true);
    }
  });

  it("clears its timer", async () => {
    const clear = vi.spyOn(globalThis, "clearTimeout");
    await internet({ "https://a.com/": text("x") }).fetchPublic("https://a.com/", limits);
    await internet({}).fetchPublic("https://a.com/", limits);
    expect(clear).toHaveBeenCalledTimes(2);
  });
});

describe("R055 a trial on one's own machine", () => {
  it.each(["http://localhost:9000/a", "http://127.0.0.1:9000/a", "https://[::1]:9000/a", "https://127.8.8.8/a"])(
    "may fetch %s, if it was allowed",
    async (url) => {
      const answers = { [url]: text("x") };
      expect((await internet(answers, { allowLoopback: true }).fetchPublic(url, limits)).ok).toBe(true);
      expect(await internet(answers).fetchPublic(url, limits)).toMatchObject({ code: "url_not_allowed" });
    },
  );

  it.each(["http://shop.com/", "https://shop.com:8443/", "https://10.0.0.1/", "ftp://localhost/"])(
    "still refuses %s",
    async (url) => {
      expect(await internet({ [url]: text("x") }, { allowLoopback: true }).fetchPublic(url, limits)).toMatchObject({
        code: "url_not_allowed",
      });
    },
  );
});
