import { describe, expect, it } from "vitest";
import type { GoogleCall } from "../../src/providers/google/contract";
import {
  addMessage,
  apiUrl,
  get,
  insert,
  newGoogle,
  ok,
  patch,
  refused,
  standStill,
  start,
  type Answer,
  type Sent,
} from "./fake-google";

standStill();

describe("R120 a batch", () => {
  /** Answers each part by the id that it names. */
  const parts =
    (answer: (id: string, index: number) => [status: number, body: unknown] | null): Answer =>
    (_, { body }) => {
      const ids = body
        .split("--batch_wepass\n")
        .slice(1)
        .map((part) => /(?:Object\/|"id":")([^"\s/]+)/.exec(part)![1]!);
      const written = ids.flatMap((id, index) => {
        const [status, json] = answer(id, index) ?? [0, null];
        if (!status) return [];
        const head = `Content-Type: application/http\r\nContent-ID: <response-call-${index}>\r\n\r\n`;
        return [
          `--b\r\n${head}HTTP/1.1 ${status} S\r\nContent-Type: application/json\r\n\r\n${JSON.stringify(json)}\r\n`,
        ];
      });
      return new Response(`${written.join("")}--b--`, { headers: { "content-type": "multipart/mixed; boundary=b" } });
    };
  const gets = (count: number): GoogleCall[] =>
    Array.from({ length: count }, (_, index) => ({ ...get, id: `1.${index}` }) as GoogleCall);
  const sizes = (calls: Sent[]) => calls.map(({ body }) => body.split("--batch_wepass\n").length - 1);

  it("goes in requests of twenty calls, at the rate of calls, and answers in order", async () => {
    const google = newGoogle([parts((id) => [200, { id }])]);
    const answers = await google.as().batch(gets(45));
    expect(answers.map((answer) => answer.ok && answer.value.id)).toEqual(gets(45).map((call: any) => call.id));
    expect(sizes(google.calls)).toEqual([20, 20, 5]);
    expect(google.calls.map(({ at }) => at - start)).toEqual([0, 1050, 2100]);
    expect(google.calls[0]).toMatchObject({ method: "POST", url: `${apiUrl}/batch` });
    expect(google.calls[0]!.headers.get("content-type")).toBe("multipart/mixed; boundary=batch_wepass");
    expect(google.mints).toHaveLength(1);
  });

  it("of nothing asks nobody", async () => {
    const google = newGoogle([ok]);
    expect(await google.as().batch([])).toEqual([]);
    expect(google.calls).toEqual([]);
  });

  it("sends again only those of its parts that need it", async () => {
    const tries = new Map<string, number>();
    const google = newGoogle([
      parts((id) => {
        const count = (tries.get(id) ?? 0) + 1;
        tries.set(id, count);
        if (id === "1.1" && count < 3) return [503, {}];
        if (id === "1.2" && count < 2) return [429, {}];
        if (id === "1.3" && count < 2) return null;
        if (id === "1.4") return [404, { error: { code: 404, message: "No." } }];
        if (id === "1.5") return [500, {}];
        return [200, { id }];
      }),
    ]);
    const answers = await google.as().batch(gets(7));
    expect(answers.map((answer) => (answer.ok ? answer.value.id : answer.error.status))).toEqual([
      "1.0",
      "1.1",
      "1.2",
      "1.3",
      404,
      500,
      "1.6",
    ]);
    expect(sizes(google.calls)).toEqual([7, 4, 2]);
  });

  it("is sent again with another token, whole or in part", async () => {
    const whole = newGoogle([() => refused(401), parts((id) => [200, { id }])]);
    expect((await whole.as().batch(gets(3))).every((answer) => answer.ok)).toBe(true);
    expect([sizes(whole.calls), whole.mints.length, whole.slept]).toEqual([[3, 3], 2, []]);
    const some = newGoogle([parts((id) => (id === "1.1" ? [401, {}] : [200, { id }])), parts((id) => [200, { id }])]);
    expect((await some.as().batch(gets(3))).every((answer) => answer.ok)).toBe(true);
    expect([sizes(some.calls), some.mints.length]).toEqual([[3, 1], 2]);
  });

  it("repeats no message that may have arrived", async () => {
    const google = newGoogle([() => refused(502), parts((id) => [200, { id }])]);
    const answers = await google.as().batch([insert, addMessage, patch]);
    expect(answers).toMatchObject([
      { ok: true },
      { ok: false, error: { kind: "unreachable", status: 502 } },
      { ok: true },
    ]);
    expect(sizes(google.calls)).toEqual([3, 2]);
    expect(google.calls[1]!.body).not.toContain("addMessage");
  });

  it("fails whole if the whole fails", async () => {
    const google = newGoogle([() => refused(403, "permissionDenied")]);
    const answers = await google.as().batch(gets(3));
    expect(answers).toHaveLength(3);
    for (const answer of answers) expect(answer).toMatchObject({ ok: false, error: { kind: "permission" } });
    expect(google.calls).toHaveLength(1);
  });
});
