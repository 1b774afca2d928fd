import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, describe, it } from "node:test";
import { createNarrator } from "../../scripts/demo/narrator.mjs";
import { createPhone } from "../../scripts/demo/phone.mjs";
import { createApi } from "../../scripts/start/api.mjs";
import { StartError } from "../../scripts/start/failure.mjs";

const pem = "-----BEGIN CERTIFICATE-----\nAAEC\n-----END CERTIFICATE-----\n";

/** Answers the authority, and elsewhere what it was sent. */
const server = createServer(async (request, response) => {
  const chunks = await request.toArray();
  const isAuthority = request.url === "/sandbox/authority.pem";
  response.setHeader("content-type", isAuthority ? "application/x-pem-file" : "text/html; charset=utf-8");
  response.end(isAuthority ? pem : Buffer.concat([Buffer.from(`${request.headers["content-type"]} `), ...chunks]));
});

let url;
before(async () => {
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${server.address().port}`;
});
after(() => server.close());

describe("the tour's tools", () => {
  it("sends bytes as a file and everything else as JSON", async () => {
    const api = createApi(url, null);
    const sent = async (content) => Buffer.from((await api.send("POST", "/", content)).body).toString();
    assert.equal(await sent(Buffer.from("PNG")), "application/octet-stream PNG");
    assert.equal(await sent({ a: 1 }), 'application/json {"a":1}');
    assert.equal(await sent(undefined), "undefined ");
  });

  it("tells of a file by its length, and ends at the first step that does not hold", async () => {
    const lines = [];
    const narrator = createNarrator((line) => lines.push(line));
    narrator.step("Send a file");
    await narrator.call(createApi(url, null), ["POST", "/v2/images", new Uint8Array(3)], 200);
    assert.deepEqual(lines, ["\n1. Send a file", "   → POST /v2/images (3 bytes)", "   ← 200 text/html"]);
    assert.throws(
      () => narrator.holds(false, "it holds"),
      new StartError('Step 1, "Send a file", did not hold: it is not so that it holds.'),
    );
  });

  it("has an iPhone that Node can load, and that takes no page for a pass", async () => {
    const lines = [];
    const { phone } = await createPhone(
      createApi(url, null),
      createNarrator((line) => lines.push(line)),
    );
    await assert.rejects(phone.install(`${url}/p/link`), /media_type_wrong \(text\/html; charset=utf-8\)/);
    assert.deepEqual(lines, ["   iPhone → GET /p/link", "   iPhone ← 200 text/html"]);
    assert.deepEqual(phone.wallet, []);
  });
});
