import { beforeEach, expect, it } from "vitest";
import { api, ask, expectRefused, newIssuer, newSimulator, type Issuer } from "./client";
import { issued, type Pass } from "./passes";

let issuer: Issuer;
let pass: Pass;

beforeEach(async () => {
  issuer = await newIssuer(newSimulator());
  pass = await issued(issuer, "transit");
});

const values = { startDateTime: "2027-04-12T16:20:50Z", periodMillis: "30000", values: ["a1", "ü2"] };
const step = (verb: string) => `${api}/transitObject/${pass.object.id}/${verb}RotatingBarcodeValues`;

const send = (body: unknown, { type = "application/json", prefix = "/upload" } = {}) =>
  ask(issuer.simulator, "POST", `${prefix}${step("upload")}`, {
    body,
    headers: { authorization: `Bearer ${issuer.token}`, "content-type": type },
  });

const download = () => issuer.call("GET", step("download").slice(api.length));

it("R021 keeps the values of a rotating barcode", async () => {
  expectRefused(await download(), 404, "resourceNotFound");
  expect(await send(values)).toMatchObject({ status: 200, body: {} });
  expect((await download()).body).toEqual(values);
  expect((await send({ ...values, periodMillis: 15000 }, { prefix: "" })).status).toBe(200);
  expect((await download()).body).toEqual({ ...values, periodMillis: "15000" });
});

it("R021 takes them behind their metadata", async () => {
  const parts = ["{}", JSON.stringify(values)].map(
    (json) => `--xyz\r\nContent-Type: application/json\r\n\r\n${json}\r\n`,
  );
  const body = `${parts.join("")}--xyz--`;
  expect((await send(body, { type: "multipart/related; boundary=xyz" })).status).toBe(200);
  expect((await download()).body).toEqual(values);
  expectRefused(await send(body, { type: "multipart/related" }), 400, "parseError");
  expectRefused(await send("--xyz--", { type: "multipart/related; boundary=xyz" }), 400, "parseError");
});

it("R021 keeps 5 MB and no more", async () => {
  const many = { ...values, values: ["x".repeat(3_000_000), "y".repeat(2_000_000)] };
  expect((await send(many)).status).toBe(200);
  expect((await download()).body).toEqual(many);
  expectRefused(await send({ ...values, values: ["x".repeat(5_300_000)] }), 413, "uploadTooLarge");
});

it.each([
  [{ ...values, startDateTime: "2027-04-12T16:20:50" }],
  [{ ...values, values: [] }],
  [{ ...values, values: [7] }],
  [{ ...values, periodMillis: "soon" }],
  [{ ...values, more: true }],
  [{}],
])("R021 refuses %j", async (body) => {
  expectRefused(await send(body), 400, "invalid");
});

it("R021 are of tickets alone", async () => {
  const { object } = await issued(issuer, "generic");
  const at = `/genericObject/${object.id}/downloadRotatingBarcodeValues`;
  expectRefused(await issuer.call("GET", at), 404, "notFound");
  const stranger = await newIssuer(issuer.simulator);
  expectRefused(await stranger.call("GET", step("download").slice(api.length)), 403, "permissionDenied");
});
