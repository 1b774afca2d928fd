import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { adminToken, call, newTenant, newTemplate, type Answer } from "../support/api";
import { countingEnv } from "../support/costs";
import {
  encodeProfile,
  getSignup,
  locationOf,
  newPrefill,
  newSignupTenant,
  postSignup,
  redeem,
  signupPath,
  site,
  zoe,
} from "../support/signup";

afterEach(() => {
  vi.restoreAllMocks();
});

const html = { accept: "text/html,application/xhtml+xml,*/*;q=0.8" };
const encoded = encodeProfile(zoe);
const query = "firstName=Zo%C3%AB&lastName=Winter&email=zoe%40example.com";
const ghost = { id: "tenant_00000000000000000000000000" };

const suspend = ({ id }: { id: string }, status = "suspended") =>
  call("PATCH", `/admin/tenants/${id}`, { token: adminToken, body: { status } });

function assertPrivate({ headers }: Answer, what = ""): void {
  expect(headers.get("referrer-policy"), what).toBe("no-referrer");
  expect(headers.get("cache-control"), what).toBe("no-store");
}

const locationText = ({ status, headers }: Answer): string => `${status} ${headers.get("location")}`;

describe("the sign-up redirect", () => {
  it("R269 R273 leads to the tenant's page with what the person shared: 303 after a POST, 302 after a GET", async () => {
    const tenant = await newSignupTenant();
    const posted = await postSignup(tenant, { userProfile: encoded }, { url: "/join?campaign=wallet" });
    expect(locationText(posted)).toBe(`303 ${site}/join?campaign=wallet&${query}`);
    const got = await getSignup(tenant, { userProfile: encoded, url: "/join?campaign=wallet" });
    expect(locationText(got)).toBe(`302 ${site}/join?campaign=wallet&${query}`);
    const path = signupPath(tenant, { userProfile: encoded, url: "/join?campaign=wallet" });
    const looked = await call("HEAD", path);
    expect(locationText(looked)).toBe(`302 ${site}/join?campaign=wallet&${query}`);
    for (const answer of [posted, got, looked]) {
      expect(answer.text).toBe("");
      assertPrivate(answer);
    }
  });

  it("R270 R273 leads there without a profile, or an empty one, all the same", async () => {
    const tenant = await newSignupTenant();
    for (const form of [{}, { userProfile: "" }, { userProfile: "", SharedDataType: "" }, { userProfile: "e30" }]) {
      expect(locationText(await postSignup(tenant, form, { url: "join" }))).toBe(`303 ${site}/join`);
    }
    expect(locationText(await call("POST", signupPath(tenant)))).toBe(`303 ${site}`);
    expect(locationText(await getSignup(tenant))).toBe(`302 ${site}`);
    expect(locationText(await getSignup(tenant, { url: "" }))).toBe(`302 ${site}`);
    const nothingShared = encodeProfile({ NICKNAME: "Z", EMAIL: "  " });
    expect(locationText(await getSignup(tenant, { userProfile: nothingShared }))).toBe(`302 ${site}`);
  });

  it("R273 leaves values away that are too long for a URL, and takes the place of those that the page's query names", async () => {
    const tenant = await newSignupTenant();
    const long = encodeProfile(Object.fromEntries(["CITY", "STATE", "EMAIL"].map((name) => [name, "😀".repeat(256)])));
    expect(locationText(await postSignup(tenant, { userProfile: long }, { url: "/join?a=1" }))).toBe(
      `303 ${site}/join?a=1`,
    );
    const name = encodeProfile({ FIRST_NAME: "Zoë" });
    const answer = await postSignup(tenant, { userProfile: name }, { url: "/join?firstName=Eve&a=1" });
    expect(locationText(answer)).toBe(`303 ${site}/join?a=1&firstName=Zo%C3%AB`);
  });

  it("R270 reads either parameter from form or query: the form first, userProfile first, what is empty not at all", async () => {
    const tenant = await newSignupTenant();
    const named = (firstName: string) => encodeProfile({ firstName });
    const nameIn = async (form: Record<string, string> | string, parameters: Record<string, string> = {}) =>
      locationOf(await postSignup(tenant, form, parameters)).searchParams.get("firstName");
    const [a, b, c, d] = ["A", "B", "C", "D"].map(named) as [string, string, string, string];
    expect(await nameIn({ userProfile: a, SharedDataType: b }, { userProfile: c, SharedDataType: d })).toBe("A");
    expect(await nameIn({ userProfile: "", SharedDataType: b }, { userProfile: c, SharedDataType: d })).toBe("B");
    expect(await nameIn({ userProfile: "" }, { userProfile: c, SharedDataType: d })).toBe("C");
    expect(await nameIn({}, { SharedDataType: d })).toBe("D");
    expect(await nameIn(`userProfile=&userProfile=${a}&userProfile=${b}`)).toBe("A");
    expect(locationOf(await getSignup(tenant, { SharedDataType: d })).searchParams.get("firstName")).toBe("D");
    // `url` is of whoever made the link, not of the form.
    expect(locationText(await postSignup(tenant, { url: "/elsewhere" }))).toBe(`303 ${site}`);
  });

  it("R270 reads forms of both kinds, and a + that came unencoded", async () => {
    const tenant = await newSignupTenant();
    const boundary = "----formBoundary";
    const part = `--${boundary}\r\nContent-Disposition: form-data; name="SharedDataType"\r\n\r\n${encoded}\r\n--${boundary}--\r\n`;
    const multipart = { headers: { "content-type": `multipart/form-data; boundary=${boundary}` } };
    expect(locationText(await postSignup(tenant, part, {}, multipart))).toBe(`303 ${site}?${query}`);
    const charset = { headers: { "content-type": "Application/X-WWW-Form-Urlencoded;charset=UTF-8" } };
    expect(locationText(await postSignup(tenant, { userProfile: encoded }, {}, charset))).toBe(`303 ${site}?${query}`);
    const withPlus = encodeProfile({ CITY: "ÿþ?>~" });
    expect(withPlus).toContain("+");
    expect(locationOf(await postSignup(tenant, `userProfile=${withPlus}`)).searchParams.get("city")).toBe("ÿþ?>~");
  });

  it("R274 leads each tenant's people to its own site, wherever that is", async () => {
    const [one, other] = [
      await newSignupTenant(),
      await newSignupTenant({ publicUri: "http://other.example:8080/?shop=7#top" }),
    ];
    expect(locationText(await getSignup(one, { url: "/join" }))).toBe(`302 ${site}/join`);
    expect(locationText(await getSignup(other, { url: "/join" }))).toBe("302 http://other.example:8080/join?shop=7");
    expect(locationText(await getSignup(other, { userProfile: encoded }))).toBe(
      `302 http://other.example:8080/?shop=7&${query}#top`,
    );
  });

  it("R273 costs one read", async () => {
    const tenant = await newSignupTenant();
    for (const send of [
      (bindings: Cloudflare.Env) => getSignup(tenant, { userProfile: encoded }, { env: bindings }),
      (bindings: Cloudflare.Env) => postSignup(tenant, { userProfile: encoded }, {}, { env: bindings }),
    ]) {
      const { env: counted, costs } = countingEnv();
      expect((await send(counted)).status).toBeLessThan(304);
      expect(costs).toMatchObject({ reads: 1, writeBatches: 0, rowsRead: 1, rowsWritten: 0 });
    }
  });

  it("R269 takes no other method", async () => {
    const tenant = await newSignupTenant();
    for (const method of ["PUT", "PATCH", "DELETE", "OPTIONS"]) {
      const answer = await call(method, signupPath(tenant));
      expect(answer.status, method).toBe(405);
      expect(answer.headers.get("allow"), method).toBe("GET, HEAD, POST");
      assertPrivate(answer, method);
    }
  });

  it("R269 is what a template's class may name as the page to sign up at", async () => {
    const tenant = await newSignupTenant();
    const signupWebsite = { uri: `https://api.example.com${signupPath(tenant, { url: "/join" })}` };
    const discoverableProgram = {
      state: "TRUSTED_TESTERS",
      merchantSignupInfo: { signupWebsite, signupSharedDatas: ["FIRST_NAME", "LAST_NAME", "EMAIL"] },
    };
    const google = { vertical: "loyalty", class: { countryCode: "DE", discoverableProgram } };
    const templateId = await newTemplate(tenant, { google });
    const { body } = await tenant.get(`/v2/templates/${templateId}`);
    expect(body.google.class.discoverableProgram).toEqual(discoverableProgram);
  });
});

interface Refusal {
  name: string;
  form?: Record<string, string>;
  query?: Record<string, string>;
  errors: object[];
}

const issue = (pointer: string, code: string, detail: string, place?: "query") => ({
  pointer,
  code,
  detail,
  ...(place && { in: place }),
});

const base64Detail = "expected Base64 (RFC 4648), standard or URL-safe, padded or not";
const ownPathDetail =
  "expected a path of the account's own site, without a scheme; before its first slash there may be no colon";

const refusals: Refusal[] = [
  {
    name: "a profile that is no Base64",
    form: { userProfile: "PLANTED!" },
    errors: [issue("#/userProfile", "not_base64", base64Detail)],
  },
  {
    name: "a profile that is no Base64, by the other name and in the query",
    query: { SharedDataType: "PLANTED!" },
    errors: [issue("#/SharedDataType", "not_base64", base64Detail, "query")],
  },
  {
    name: "a profile that is no UTF-8",
    form: { userProfile: "UExBTlRFRP8=" },
    errors: [issue("#/userProfile", "not_utf8", "expected Base64 of UTF-8")],
  },
  {
    name: "a profile that is no JSON",
    form: { SharedDataType: "UExBTlRFRA==" },
    errors: [issue("#/SharedDataType", "not_json", "expected Base64 of JSON")],
  },
  ...[["PLANTED"], null, "PLANTED", 7].map((json) => ({
    name: `a profile that is ${JSON.stringify(json)}`,
    form: { userProfile: encodeProfile(json) },
    errors: [issue("#/userProfile", "not_an_object", "expected Base64 of a JSON object")],
  })),
  {
    name: "a profile that is too long",
    form: { userProfile: encodeProfile({ EMAIL: "PLANTED", CITY: "x".repeat(7000) }) },
    errors: [issue("#/userProfile", "too_long", "expected at most 8,192 characters")],
  },
  {
    name: "a profile that is far too long",
    form: { userProfile: "P".repeat(1_000_000) },
    errors: [issue("#/userProfile", "too_long", "expected at most 8,192 characters")],
  },
  {
    name: "a url that leads elsewhere",
    query: { url: "https://PLANTED.example" },
    errors: [issue("#/url", "scheme", ownPathDetail, "query")],
  },
  {
    name: "a url that leads elsewhere, encoded",
    query: { url: "/%252FPLANTED.example" },
    errors: [issue("#/url", "double_slash", "expected a path of the account's own site, without //", "query")],
  },
  {
    name: "profile and url at once",
    form: { userProfile: "PLANTED!" },
    query: { url: "/../PLANTED", userProfile: encoded },
    errors: [
      issue("#/userProfile", "not_base64", base64Detail),
      issue("#/url", "dot_segment", "the segments . and .. are not allowed", "query"),
    ],
  },
];

describe("what the sign-up redirect refuses", () => {
  it.each(refusals.map((refusal) => [refusal.name, refusal] as const))(
    "R270 R272 answers 400 to %s, and repeats nothing of it",
    async (_, { form, query: parameters, errors }) => {
      const tenant = await newSignupTenant({ locale: "de-AT" });
      const send = (headers: Record<string, string> = {}) =>
        form ? postSignup(tenant, form, parameters, { headers }) : getSignup(tenant, parameters, { headers });
      const answer = await send();
      expect(answer.status, answer.text).toBe(400);
      expect(answer.headers.get("content-type")).toBe("application/problem+json");
      expect(answer.body).toEqual({
        type: "https://api.example.com/problems/validation-error",
        title: "The request is not valid",
        status: 400,
        code: "validation_error",
        detail: `${errors.length === 1 ? "1 parameter" : "2 parameters"} of the request cannot be accepted.`,
        instance: `urn:wepass:request:${answer.headers.get("x-request-id")}`,
        requestId: answer.headers.get("x-request-id"),
        errors,
      });
      const page = await send(html);
      expect(page.status).toBe(400);
      expect(page.headers.get("content-type")).toMatch(/^text\/html/);
      expect(page.text).toContain('<html lang="de"');
      expect(page.text).toContain("Die Anmeldeseite lässt sich nicht öffnen");
      for (const one of [answer, page]) {
        expect(one.text).not.toContain("PLANTED");
        expect(one.headers.get("location")).toBeNull();
        assertPrivate(one);
      }
    },
  );

  it("R270 refuses a body that is no form, and a form that is none", async () => {
    const tenant = await newSignupTenant();
    for (const type of ["application/json", "text/plain", "application/x-www-form-urlencodedx", ""]) {
      const answer = await postSignup(tenant, "PLANTED", {}, { headers: { "content-type": type } });
      expect(answer.status, type).toBe(415);
      expect(answer.body).toMatchObject({
        code: "unsupported_media_type",
        detail: "The body must be a form: application/x-www-form-urlencoded.",
      });
      expect(answer.text).not.toContain("PLANTED");
    }
    const boundary = "b";
    const file = `--b\r\nContent-Disposition: form-data; name="userProfile"; filename="PLANTED"\r\n\r\nPLANTED\r\n--b--\r\n`;
    for (const [body, expected] of [
      [file, issue("#/userProfile", "wrong_type", "expected a text, not a file")],
      ["PLANTED", issue("#/userProfile", "malformed_form", "expected a form (RFC 7578)")],
    ] as const) {
      const headers = { "content-type": `multipart/form-data; boundary=${boundary}` };
      const answer = await postSignup(tenant, body, {}, { headers });
      expect(answer.status, answer.text).toBe(400);
      expect(answer.body.errors).toEqual([expected]);
      expect(answer.text).not.toContain("PLANTED");
    }
  });

  it("R207 R274 answers 404 where there is no tenant, or none that is open, or it has no site", async () => {
    const [suspended, deleted, siteless] = [await newSignupTenant(), await newSignupTenant(), await newTenant()];
    await suspend(suspended);
    expect((await call("DELETE", `/admin/tenants/${deleted.id}`, { token: adminToken })).status).toBe(202);
    const nowhere = "There is no sign-up page at this path.";
    for (const [tenant, detail] of [
      [ghost, nowhere],
      [{ id: "x" }, nowhere],
      [{ id: "%F0%9F%98%80" }, nowhere],
      [suspended, nowhere],
      [deleted, nowhere],
      [siteless, "This account has no sign-up page: its `publicUri` is not set."],
    ] as const) {
      for (const answer of [
        await getSignup(tenant, { userProfile: encoded }),
        await postSignup(tenant, { userProfile: "wrong!" }, { url: "//wrong" }),
      ]) {
        expect(answer.status, tenant.id).toBe(404);
        expect(answer.body).toMatchObject({ code: "not_found", detail });
        assertPrivate(answer);
      }
      const page = await getSignup(tenant, { userProfile: encoded }, { headers: html });
      expect(page.status).toBe(404);
      expect(page.text).toContain("This sign-up page is not set up");
      assertPrivate(page);
    }
    await suspend(suspended, "active");
    expect((await getSignup(suspended)).status).toBe(302);
  });

  it.each([
    ["en", "This sign-up page is not set up"],
    ["de", "Diese Anmeldeseite ist nicht eingerichtet"],
    ["es-MX", "Esta página de registro no está configurada"],
    ["fr", "Cette page d’inscription n’est pas configurée"],
    ["ar", "صفحة التسجيل هذه غير مُعدّة"],
    ["fi", "This sign-up page is not set up"],
  ])("R273 tells people so in the language of the tenant: %s", async (locale, title) => {
    const { text, status } = await getSignup(await newTenant({ locale }), {}, { headers: html });
    expect(status).toBe(404);
    expect(text).toContain(`<h1>${title}</h1>`);
  });
});

describe("what is logged of a sign-up", () => {
  const planted = "Plantagenet-4711";
  const profile = encodeProfile({ FIRST_NAME: planted, EMAIL: `${planted}@example.com` });
  const secrets = [planted, profile.slice(0, 24), "Plantagenet"];

  function logged(): () => string {
    const lines: string[] = [];
    for (const level of ["log", "info", "warn", "error", "debug"] as const)
      vi.spyOn(console, level).mockImplementation((...entries: unknown[]) => {
        lines.push(...entries.map((entry) => (entry instanceof Error ? String(entry.stack) : JSON.stringify(entry))));
      });
    return () => lines.join("\n");
  }

  /** Statements like these fail with a message that quotes what they were given. */
  function failing(binding: "CONTROL_DB" | "DATA_DB", pattern: RegExp): Cloudflare.Env {
    const broken = new WeakSet<object>();
    const fail = () => Promise.reject(new Error(`D1_ERROR: lost near ${planted}`));
    const db = {
      prepare: (statement: string) => {
        if (!pattern.test(statement)) return env[binding].prepare(statement);
        const bound = { run: fail, all: fail, raw: fail, first: fail };
        broken.add(bound);
        return { bind: () => bound };
      },
      batch: (statements: D1PreparedStatement[]) =>
        statements.some((statement) => broken.has(statement)) ? fail() : env[binding].batch(statements),
    };
    return { ...env, [binding]: db } as unknown as Cloudflare.Env;
  }

  it("R273 is no value of it, nor its query, whether it succeeds, is refused or fails", async () => {
    const [byQuery, byToken] = [await newSignupTenant(), await newSignupTenant({ signupPrefill: "token" })];
    const log = logged();
    const answers: Record<string, Answer> = {};
    for (const [mode, tenant] of Object.entries({ byQuery, byToken })) {
      for (const [accepts, headers] of Object.entries({ json: {}, html })) {
        const url = `/${planted}?q=${planted}#${planted}`;
        const send = async (name: string, bindings = env as Cloudflare.Env) => {
          const options = { headers, env: bindings };
          const key = `${mode} ${accepts} ${name}`;
          answers[`${key} GET`] = await getSignup(tenant, { userProfile: profile, url }, options);
          answers[`${key} POST`] = await postSignup(tenant, { SharedDataType: profile }, { url }, options);
        };
        await send("good");
        await send("control fails", failing("CONTROL_DB", /tenants/));
        await send("data fails", failing("DATA_DB", /signup_prefills/));
        const wrong = `${profile}!`;
        answers[`${mode} ${accepts} bad GET`] = await getSignup(tenant, { userProfile: wrong, url }, { headers });
        answers[`${mode} ${accepts} bad POST`] = await postSignup(
          tenant,
          { userProfile: wrong },
          { url: `//${planted}` },
          { headers },
        );
        answers[`${mode} ${accepts} no tenant GET`] = await getSignup(ghost, { userProfile: profile }, { headers });
      }
    }
    const statuses = Object.values(answers).map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set([302, 303, 400, 404, 500]));
    expect(answers["byToken html data fails POST"]?.status).toBe(500);
    expect(answers["byToken html data fails POST"]?.text).toContain("Something went wrong here");
    for (const [name, answer] of Object.entries(answers)) {
      assertPrivate(answer, name);
      for (const secret of secrets) expect(answer.text, name).not.toContain(secret);
    }
    const lines = log();
    expect(lines.match(/"msg":"request"/g)).toHaveLength(statuses.length);
    expect(lines.match(/"msg":"fault"/g)).toHaveLength(statuses.filter((status) => status === 500).length);
    expect(lines).toContain('"route":"/api/:tenantId/passes/google/signup');
    for (const secret of [...secrets, "userProfile", "SharedDataType"]) expect(lines).not.toContain(secret);
  });

  it("R273 is neither token nor value of a redemption", async () => {
    const { tenant, token } = await newPrefill({ FIRST_NAME: planted });
    const log = logged();
    const statuses: number[] = [];
    for (const [sent, bindings] of [
      [`${token}x`, env],
      [[token], env],
      [token, failing("DATA_DB", /signup_prefills/)],
      [token, env],
      [token, env],
    ] as const) {
      statuses.push((await redeem(tenant, sent, { env: bindings })).status);
    }
    expect(statuses).toEqual([404, 400, 500, 200, 404]);
    const lines = log();
    expect(lines.match(/"msg":"request"/g)).toHaveLength(statuses.length);
    for (const secret of [token, planted]) expect(lines).not.toContain(secret);
  });
});
