import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { api, ask, expectRefused, newIssuer, newSimulator, type Issuer } from "./client";
import { passOf } from "./passes";

let issuer: Issuer;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.parse("2040-01-01T00:00:00Z") });
  issuer = await newIssuer(newSimulator());
});
afterEach(() => {
  vi.useRealTimers();
});

const boundary = "batch_createobjectbatch";

const send = (body: string, { token = issuer.token, type = `multipart/mixed; boundary=${boundary}` } = {}) =>
  ask(issuer.simulator, "POST", "/batch", {
    body,
    headers: { "content-type": type, ...(token && { authorization: `Bearer ${token}` }) },
  });

/** As Google's samples write one. */
const sample = (calls: [line: string, body?: object][]) =>
  `${calls
    .map(
      ([line, body]) =>
        `--${boundary}\nContent-Type: application/json\n\n${line}\n\n${body ? JSON.stringify(body) : ""}\n`,
    )
    .join("")}--${boundary}--`;

/** The answers, each with its id. */
function answersOf({ text, headers }: { text: string; headers: Headers }) {
  const delimiter = /boundary=(\S+)/.exec(headers.get("content-type")!)![1]!;
  const parts = text.split(`--${delimiter}`).slice(1, -1);
  expect(text.endsWith(`--${delimiter}--\r\n`)).toBe(true);
  return parts.map((part) => {
    expect(part).toMatch(/^\r\nContent-Type: application\/http\r\n/);
    const body = part.slice(part.indexOf("{"));
    return {
      id: /Content-ID: <(.*)>/.exec(part)?.[1],
      status: Number(/HTTP\/1\.1 (\d{3}) \w/.exec(part)![1]),
      body: JSON.parse(body),
      text: body,
    };
  });
}

describe("a batch", () => {
  it("R021 answers each call by itself, in their order", async () => {
    const pass = passOf(issuer, "generic");
    const answer = await send(
      sample([
        ["POST /walletobjects/v1/genericClass", pass.class],
        ["POST /walletobjects/v1/genericObject", pass.object],
        ["POST /walletobjects/v1/genericObject", pass.object],
        [`GET /walletobjects/v1/genericObject/${pass.object.id}`],
        ["nothing"],
      ]),
    );
    expect(answer.status, answer.text).toBe(200);
    const answers = answersOf(answer);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 409, 200, 400]);
    expect(answers[3]!.body).toMatchObject({ id: pass.object.id });
    expectRefused(answers[2]!, 409, "alreadyExists");
  });

  it("R021 takes parts that are HTTP, with ids and tokens of their own", async () => {
    const other = await newIssuer(issuer.simulator);
    const part = (id: string, issuerId: string, authorization = "") =>
      `--b 1\r\nContent-Type: application/http\r\nContent-ID: <${id}>\r\n\r\n` +
      `GET https://api.example.com/simulator/google${api}/issuer/${issuerId} HTTP/1.1\r\n${authorization}Accept: application/json\r\n\r\n\r\n`;
    const answer = await send(
      [
        part("one", issuer.issuerId),
        part("two", other.issuerId, `Authorization: Bearer ${other.token}\r\n`),
        part("three", other.issuerId),
        "--b 1--\r\n",
      ].join(""),
      { type: 'multipart/mixed; boundary="b 1"' },
    );
    expect(answersOf(answer).map(({ id, status }) => [id, status])).toEqual([
      ["response-one", 200],
      ["response-two", 200],
      ["response-three", 403],
    ]);
  });

  it("R021 is refused as a whole without a token that holds", async () => {
    const body = sample([["GET /walletobjects/v1/issuer"]]);
    expectRefused(await send(body, { token: "" }), 401, "required");
    expectRefused(await send(body, { token: "ya29.made-up" }), 401, "authError");
    const quoted = sample([["POST /walletobjects/v1/genericClass", { id: "Authorization:\nAuthorization: x" }]]);
    expectRefused(await send(quoted.replace("\\n", "\n"), { token: "ya29.made-up" }), 401, "authError");
    expectRefused(await send("x", { token: "" }), 401, "required");
  });

  it("R021 answers parts that bring their own token, and only these", async () => {
    const part = (authorization: string) =>
      `--${boundary}\nContent-Type: application/http\n\nGET ${api}/issuer\n${authorization}\n\n`;
    const own = `Authorization: Bearer ${issuer.token}`;
    const body = `${part(own)}${part("Accept: */*")}${part("Authorization: Bearer x")}--${boundary}--`;
    for (const [token, reason] of [
      ["", "required"],
      ["ya29.made-up", "authError"],
    ] as const) {
      const [mine, silent, wrong] = answersOf(await send(body, { token }));
      expect(mine!.status).toBe(200);
      expectRefused(silent!, 401, reason);
      expectRefused(wrong!, 401, "authError");
    }
  });

  it("R021 leaves the lines of a part as they are", async () => {
    const pass = passOf(issuer, "generic");
    const body = JSON.stringify({ ...pass.class, textModulesData: [{ id: "a", body: `--${boundary}` }] }, null, 2);
    const text = `preamble --${boundary}\r\n--${boundary}  \r\n\r\n\r\n  POST ${api}/genericClass HTTP/1.1 \r\n\r\n${body}\r\n--${boundary}--\r\nepilogue`;
    const [made] = answersOf(await send(text));
    expect(made!.body.textModulesData).toEqual([{ id: "a", body: `--${boundary}` }]);
  });

  it("R138 counts every part", async () => {
    const calls = Array.from({ length: 25 }, (): [string] => ["GET /walletobjects/v1/issuer"]);
    const statuses = answersOf(await send(sample(calls))).map(({ status }) => status);
    expect(statuses).toEqual([...Array<number>(20).fill(200), ...Array<number>(5).fill(429)]);
  });

  it("R021 refuses what is no batch", async () => {
    expectRefused(await send("", {}), 400, "parseError");
    expectRefused(await send("--x--", { type: "multipart/mixed; boundary=x" }), 400, "invalid");
    expectRefused(await send(sample([["GET /x"]]), { type: "multipart/mixed" }), 400, "parseError");
    expectRefused(await send(sample([["GET /x"]]).slice(0, -2)), 400, "parseError");
    const many = (length: number) => sample(Array.from({ length }, (): [string] => ["GET /x"]));
    expect(answersOf(await send(many(100)))).toHaveLength(100);
    expectRefused(await send(many(101)), 400, "invalid");
  });
});
