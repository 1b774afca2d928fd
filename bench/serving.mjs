import { unzipSync } from "fflate";
import { designs } from "./designs.ts";
import { load, send, sendJson } from "./http-client.mjs";
import { ratio, runRounds } from "./rounds.mjs";
import { verifyPass } from "./verify.mjs";

const tenantCount = 6;

/** Serving: the real Worker against an empty Hono route and one with a single D1 statement. */
export async function measureServing({ benchUrl, appUrl, adminToken, images, seconds, rounds }) {
  const { design, values } = designs.card;
  const tenants = [];
  for (let index = 0; index < tenantCount; index += 1)
    tenants.push(await makeTenant(appUrl, adminToken, design, images));
  const issued = [];
  let turn = 0;
  const nextTenant = () => tenants[(turn += 1) % tenants.length];
  const nextPass = () => issued[(turn += 1) % issued.length];
  const issue = () => {
    const { token, templateId } = nextTenant();
    return { method: "POST", path: "/v2/passes", token, body: { templateId, values: values(turn) }, status: 201 };
  };
  const read = ({ readPath, token }) => ({ path: readPath, token });
  const remember = (token, answer) => {
    const { id, links } = JSON.parse(answer);
    issued.push({ token, readPath: `/v2/passes/${id}`, filePath: new URL(links.apple).pathname });
  };
  for (let index = 0; index < 60; index += 1) {
    const options = issue();
    remember(options.token, await send(appUrl, options));
  }
  verifyPass(await send(appUrl, { path: nextPass().filePath }));
  const devices = await Promise.all(
    issued.map(async ({ filePath }) => deviceOf(await send(appUrl, { path: filePath }))),
  );
  const nextDevice = () => devices[(turn += 1) % devices.length];
  // As devices ask: by the second of what they have.
  const [before, after] = [new Date(Date.now() - 86_400_000).toUTCString(), new Date().toUTCString()];
  const refetch = ({ path, authorization }, since, status) => {
    return { path, status, headers: { authorization, "if-modified-since": since } };
  };
  verifyPass(await send(appUrl, refetch(nextDevice(), before, 200)));

  const rates = await runRounds(
    {
      empty: () => load(benchUrl, seconds, () => ({ path: "/empty" })),
      d1: () => load(benchUrl, seconds, () => ({ path: "/d1/1" })),
      issue: () => load(appUrl, seconds, issue),
      download: () => load(appUrl, seconds, () => ({ path: nextPass().filePath })),
      read: () => load(appUrl, seconds, () => read(nextPass())),
      unchanged: () => load(appUrl, seconds, () => refetch(nextDevice(), after, 304)),
      changed: () => load(appUrl, seconds, () => refetch(nextDevice(), before, 200)),
    },
    rounds,
  );
  const verbs = {
    issue: "POST /v2/passes",
    download: "GET /p/{token}/apple",
    read: "GET /v2/passes/{id}",
    unchanged: "Device asks for a pass, 304",
    changed: "Device asks for a pass, changed",
  };
  return [
    { name: "GET, one D1 statement / GET, empty route", ...ratio(rates, "d1", "empty") },
    ...Object.entries(verbs).flatMap(([verb, path]) => [
      { name: `${path} / GET, empty route`, ...ratio(rates, verb, "empty") },
      { name: `${path} / GET, one D1 statement`, ...ratio(rates, verb, "d1") },
    ]),
  ];
}

/** How the device that holds this file asks for it again. */
function deviceOf(file) {
  const pass = JSON.parse(Buffer.from(unzipSync(file)["pass.json"]));
  const { pathname } = new URL(pass.webServiceURL);
  return {
    path: `${pathname}/v1/passes/${pass.passTypeIdentifier}/${pass.serialNumber}`,
    authorization: `ApplePass ${pass.authenticationToken}`,
  };
}

/** More than any machine takes. */
const limits = { requestsPerMinute: 1_000_000, requestsPerDay: 1_000_000_000 };

export async function makeTenant(appUrl, adminToken, design, images) {
  const tenant = {
    method: "POST",
    path: "/admin/tenants",
    token: adminToken,
    body: { name: "Bench", limits },
    status: 201,
  };
  const { id: tenantId, apiKey } = await sendJson(appUrl, tenant);
  const { token } = apiKey;
  const template = { name: "Loyalty card", ...design, images: imageMembers(images) };
  const { id } = await sendJson(appUrl, { method: "POST", path: "/v2/templates", token, body: template, status: 201 });
  return { token, tenantId, templateId: id };
}

/** `logo@2x.png` as the slot `logo` at density `2x`. */
function imageMembers(images) {
  const members = {};
  for (const [path, bytes] of Object.entries(images)) {
    const [, slot, density = "1x"] = /^(\w+)(?:@(\dx))?\.png$/.exec(path);
    (members[slot] ??= {})[density] = bytes.toString("base64");
  }
  return members;
}
