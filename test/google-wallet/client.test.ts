import { describe, expect, it } from "vitest";
import { batchBody, readBatch } from "../../src/google-wallet/client/batch";
import { googleError } from "../../src/google-wallet/client/errors";
import { retryAfterSeconds, type Reply } from "../../src/google-wallet/client/exchange";
import { requestOf } from "../../src/google-wallet/client/requests";
import { verticalTypes } from "../../src/google-wallet/fields/verticals";
import { googleVerticals } from "../../src/pass-model/vocabulary";

const now = Date.parse("2040-01-01T00:00:00Z");

/** The API's form of an error; `more` are members beside the first reason. */
const apiError = (code: number, reason: string, message: string, more = {}, domain = "walletobjects") =>
  JSON.stringify({ error: { code, message, errors: [{ message, domain, reason }], ...more } });

const disabled = {
  status: "PERMISSION_DENIED",
  details: [
    { "@type": "type.googleapis.com/google.rpc.ErrorInfo", reason: "SERVICE_DISABLED", domain: "googleapis.com" },
  ],
};

describe("R120 Google's errors", () => {
  it.each<[string, number, string, string | null]>([
    ["invalid", 400, apiError(400, "invalidResource", "Invalid resource ID: x"), "invalidResource"],
    ["invalid", 412, apiError(412, "conditionNotMet", "Precondition failed."), "conditionNotMet"],
    ["credentials", 401, apiError(401, "authError", "Invalid Credentials", { status: "UNAUTHENTICATED" }), "authError"],
    ["permission", 403, apiError(403, "permissionDenied", "Permission denied."), "permissionDenied"],
    ["permission", 403, apiError(403, "forbidden", "Forbidden"), "forbidden"],
    [
      "disabled",
      403,
      apiError(403, "accessNotConfigured", "Google Wallet API has not been used.", disabled, "usageLimits"),
      "accessNotConfigured",
    ],
    [
      "disabled",
      403,
      JSON.stringify({ error: { code: 403, message: "Not enabled.", ...disabled } }),
      "SERVICE_DISABLED",
    ],
    ["not_found", 404, apiError(404, "notFound", "Not found."), "notFound"],
    ["not_found", 404, apiError(404, "resourceNotFound", "No such class."), "resourceNotFound"],
    ["already_exists", 409, apiError(409, "alreadyExists", "It exists."), "alreadyExists"],
    ["already_exists", 409, apiError(409, "existingResource", "It exists."), "existingResource"],
    [
      "busy",
      429,
      apiError(429, "rateLimitExceeded", "Too many.", { status: "RESOURCE_EXHAUSTED" }, "global"),
      "rateLimitExceeded",
    ],
    ["busy", 403, apiError(403, "userRateLimitExceeded", "Too many.", {}, "usageLimits"), "userRateLimitExceeded"],
    [
      "busy",
      429,
      apiError(429, "quotaExceeded", "Quota exceeded for quota metric.", {}, "usageLimits"),
      "quotaExceeded",
    ],
    ["notification_quota", 400, apiError(400, "badRequest", "QuotaExceededException: 3 in 24 hours"), "badRequest"],
    ["notification_quota", 403, apiError(403, "QuotaExceededException", "Limit reached"), "QuotaExceededException"],
    ["notification_quota", 429, apiError(429, "quotaExceeded", "Limit reached"), "quotaExceeded"],
    ["busy", 503, apiError(503, "backendError", "Try again."), "backendError"],
    ["unreachable", 500, apiError(500, "backendError", "Oops."), "backendError"],
    ["unreachable", 502, "<html><title>502</title>", null],
    ["unreachable", 302, "", null],
    ["credentials", 400, '{"error":"invalid_grant","error_description":"Invalid JWT Signature."}', "invalid_grant"],
    ["credentials", 401, '{"error":"invalid_client"}', "invalid_client"],
    ["invalid", 400, '{"error":"invalid_scope"}', "invalid_scope"],
    ["invalid", 400, '{"error":{"message"', null],
    ["invalid", 400, "[]", null],
    ["invalid", 400, "null", null],
    ["invalid", 400, '{"error":{"errors":[null,7,{"reason":7}],"details":"x","status":7,"message":{}}}', null],
  ])("are %s, told by %i %s", (kind, status, body, reason) => {
    expect(googleError(status, body, null)).toMatchObject({ kind, status, reason });
  });

  it("keep Google's own words", () => {
    const { message } = googleError(403, apiError(403, "permissionDenied", "Permission denied."), 7);
    expect(message).toBe("Permission denied.");
    expect(googleError(400, '{"error":"invalid_grant","error_description":"Bad JWT."}', null).message).toBe("Bad JWT.");
    expect(googleError(502, "<html>", 7)).toMatchObject({
      message: "Google answered 502 and nothing that can be read",
      retryAfterSeconds: 7,
    });
  });

  it("keep no secret and no more than a thousand characters", () => {
    const echo =
      "Authorization: Bearer abc.DEF-7 of ya29.a0Af_x-7 and eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UifQ.cC4hiUPo";
    const { message } = googleError(400, apiError(400, "invalid", `${echo} ${"x".repeat(5000)}`), null);
    expect(message).not.toMatch(/abc\.DEF|ya29|eyJ|cC4h/);
    expect(message.length).toBeLessThanOrEqual(1000);
    const cut = `${"x".repeat(980)} eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UifQ.cC4hiUPo`;
    expect(googleError(400, apiError(400, "invalid", cut), null).message).not.toContain("eyJ");
  });
});

describe("R120 Retry-After", () => {
  it.each([
    [null, null],
    ["7", 7],
    ["0", 0],
    ["Sun, 01 Jan 2040 00:00:09 GMT", 9],
    ["Sat, 31 Dec 2039 00:00:00 GMT", 0],
    ["999999999999", 86_400],
    ["soon", null],
  ])("of %s is %s seconds", (header, seconds) => {
    expect(retryAfterSeconds(header, now)).toBe(seconds);
  });
});

describe("R120 a call", () => {
  it("is a request", () => {
    const common = { kind: "object", vertical: "giftCard" } as const;
    const body = { id: "1.a", classId: "1.c" };
    expect(requestOf({ method: "insert", ...common, body })).toEqual({
      method: "POST",
      path: "/walletobjects/v1/giftCardObject",
      body,
    });
    expect(requestOf({ method: "get", ...common, id: "1.a" })).toEqual({
      method: "GET",
      path: "/walletobjects/v1/giftCardObject/1.a",
      body: null,
    });
    expect(requestOf({ method: "update", ...common, id: "1.a", body })).toMatchObject({ method: "PUT", body });
    expect(requestOf({ method: "patch", ...common, id: "1.a", body })).toMatchObject({ method: "PATCH", body });
    expect(requestOf({ method: "addMessage", ...common, id: "1.a", message: { body: "Hi" } })).toEqual({
      method: "POST",
      path: "/walletobjects/v1/giftCardObject/1.a/addMessage",
      body: { message: { body: "Hi" } },
    });
  });

  it("goes to the path of its vertical, and an id stays one step of it", () => {
    for (const vertical of googleVerticals) {
      for (const kind of ["class", "object"] as const) {
        const { path } = requestOf({ method: "get", kind, vertical, id: "1/../x?y#z\n\ud800" });
        const type = verticalTypes[vertical].path[kind];
        expect(path).toBe(`/walletobjects/v1/${type}/1%2F..%2Fx%3Fy%23z%0A%EF%BF%BD`);
      }
    }
  });

  it("that writes a class asks for its review, but of a generic one, which has none", () => {
    for (const vertical of googleVerticals) {
      for (const call of [
        { method: "insert", body: { id: "1.c" } },
        { method: "patch", id: "1.c", body: { id: "1.c", reviewStatus: "APPROVED" } },
        { method: "update", id: "1.c", body: { id: "1.c" } },
      ] as const) {
        const { body } = requestOf({ ...call, kind: "class", vertical });
        expect(body!.reviewStatus).toBe(vertical === "generic" ? (call.body as any).reviewStatus : "UNDER_REVIEW");
        expect(requestOf({ ...call, kind: "object", vertical }).body).toEqual(call.body);
      }
    }
  });
});

describe("R120 a batch", () => {
  const part = (status: number, body: unknown, { id = "", headers = "" } = {}) =>
    `--batch_1\r\nContent-Type: application/http\r\n${id && `Content-ID: <response-${id}>\r\n`}\r\n` +
    `HTTP/1.1 ${status} Text\r\nContent-Type: application/json\r\n${headers}\r\n${JSON.stringify(body, null, 1)}\r\n`;
  const reply = (
    text: string,
    contentType: string | null = "multipart/mixed; boundary=batch_1",
    status = 200,
  ): Reply => ({
    status,
    header: (name) => (name === "content-type" ? contentType : null),
    text,
  });
  const names = (text: string, count: number, contentType?: string | null) =>
    readBatch(reply(text, contentType), count, now).map((one) => (one.ok ? one.value.id : one.error.kind));
  const ok = (id: string) => ({ id });

  it("is written in the form of Google's samples", () => {
    const text = batchBody([
      { method: "POST", path: "/walletobjects/v1/loyaltyObject", body: { id: "1.a", text: "a\n--batch_wepass--" } },
      { method: "GET", path: "/walletobjects/v1/loyaltyObject/1.b", body: null },
    ]);
    expect(text.split("\n")).toEqual([
      "--batch_wepass",
      "Content-Type: application/json",
      "Content-ID: <call-0>",
      "",
      "POST /walletobjects/v1/loyaltyObject",
      "",
      '{"id":"1.a","text":"a\\n--batch_wepass--"}',
      "",
      "--batch_wepass",
      "Content-Type: application/json",
      "Content-ID: <call-1>",
      "",
      "GET /walletobjects/v1/loyaltyObject/1.b",
      "",
      "",
      "--batch_wepass--",
    ]);
  });

  it("is read part by part, in the order of the calls", () => {
    const text = `${part(200, ok("a"))}${part(404, { error: { code: 404, message: "No." } })}${part(200, ok("c"))}--batch_1--`;
    expect(names(text, 3)).toEqual(["a", "not_found", "c"]);
    expect(names(text.replaceAll("\r\n", "\n"), 3)).toEqual(["a", "not_found", "c"]);
    expect(names(text, 3, 'multipart/mixed; charset=utf-8; boundary="batch_1"')).toEqual(["a", "not_found", "c"]);
    expect(names(`preamble\r\n${text}\r\nepilogue ${part(500, {})}`, 3)).toEqual(["a", "not_found", "c"]);
  });

  it("is read by the names of its parts if they have some", () => {
    const text = `${part(200, ok("c"), { id: "call-2" })}${part(200, ok("a"), { id: "call-0" })}--batch_1--`;
    expect(names(text, 3)).toEqual(["a", "unreachable", "c"]);
  });

  it("says nothing of any part if one is missing and none has a name", () => {
    expect(names(`${part(200, ok("a"))}--batch_1--`, 2)).toEqual(["unreachable", "unreachable"]);
  });

  it("says nothing of a part that is cut", () => {
    const text = `${part(200, ok("a"), { id: "call-0" })}${part(200, ok("b"), { id: "call-1" })}`;
    for (const cut of [8, 40, 95]) expect(names(text.slice(0, -cut), 2)).toEqual(["a", "unreachable"]);
  });

  it("may be told by a part when to come back", () => {
    const text = `${part(429, {}, { headers: "Retry-After: 3\r\n" })}--batch_1--`;
    expect(readBatch(reply(text), 1, now)[0]).toMatchObject({ error: { kind: "busy", retryAfterSeconds: 3 } });
  });

  it("is read whatever stands there instead", () => {
    for (const text of ["", "--batch_1", "--batch_1--", "{}", "--batch_1\n\n\n\n", "--batch_1\nHTTP/1.1 200"]) {
      expect(names(text, 1)).toEqual(["unreachable"]);
      expect(names(text, 1, null)).toEqual(["unreachable"]);
    }
    expect(readBatch(reply("<html>", "text/html", 413), 2, now).map((one) => !one.ok && one.error.status)).toEqual([
      413, 413,
    ]);
    expect(readBatch(reply("{}", "application/json", 204), 1, now)[0]).toMatchObject({
      error: { kind: "unreachable" },
    });
  });
});
