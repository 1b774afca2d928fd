import { setTimeout as sleep } from "node:timers/promises";
import { createApi } from "../start/api.mjs";

const asJson = { accept: "application/json" };
const PAUSE_MS = 300;
const PATIENCE_MS = 30_000;

/** The life of a pass in Google Wallet, which the sandbox's simulator plays: saved and counted, changed with a notification, void, removed. */
export async function googleTour(api, narrator, { template, pass: content }) {
  const { step, say, call, holds } = narrator;
  const anybody = createApi("", null);
  const card = async (path) => (await call(anybody, ["GET", path, undefined, asJson], 200)).body;
  const read = async (path) => (await call(api, ["GET", path], 200)).body;

  step("Issue a pass, and open its link on Android");
  const { body: made } = await call(api, ["POST", "/v2/templates", template], 201);
  const issue = { templateId: made.id, values: content.values };
  const { body: pass } = await call(api, ["POST", "/v2/passes", issue], 201);
  const { location } = await call(anybody, ["GET", pass.links.google], 302);
  holds(location.startsWith(`${api.url}/simulator/google/`), "it leads to the simulated Google, with a signed JWT");
  say(`see it in a browser: ${location}`);
  const offered = await card(location);
  holds(offered.object.state === "ACTIVE" && !offered.saved, `class ${offered.class.id} and the object are there`);

  step("Save it");
  const { usage: before } = await read("/v2/account");
  await call(anybody, ["POST", `${location}/save`], 303);
  const saved = await card(location);
  holds(saved.saved, "the pass is in the simulated Google Wallet");
  say(`it shows ${textOf(saved, "points")} points`);

  step("Count it");
  holds(answered(saved, "save"), "Google told it by a signed callback, and was answered 200");
  const { installs } = await read(`/v2/passes/${pass.id}`);
  holds(installs.google.active === 1 && installs.google.total === 1, "the pass counts one installation at Google");
  const { usage } = await read("/v2/account");
  const oneMore = before.installsActive + 1;
  holds(usage.installsActive === oneMore, `and the account one more: installsActive is ${oneMore}`);

  step("Change it, with a text for the lock screen");
  const points = content.values.points + 25;
  const change = { values: { points }, changeMessage: "25 points more: %@" };
  await call(api, ["PATCH", `/v2/passes/${pass.id}`, change], 200);
  const told = await untilSynced(api, narrator, pass.id);
  holds(told.notifications.used === 1, `one of ${told.notifications.limit} notifications of 24 hours was used`);
  const changed = await card(location);
  holds(Number(textOf(changed, "points").replace(/\D/g, "")) === points, `Google shows ${textOf(changed, "points")}`);
  const [notification] = changed.notifications;
  say(`lock screen: "${notification?.body}"`);
  holds(notification?.body.startsWith("25 points more: "), "and the phone told its holder");

  step("Void it");
  await call(api, ["DELETE", `/v2/passes/${pass.id}`], 200);
  await untilSynced(api, narrator, pass.id);
  holds((await card(location)).object.state === "INACTIVE", "Google shows it as inactive");

  step("Remove it from the phone");
  await call(anybody, ["POST", `${location}/remove`], 303);
  holds(answered(await card(location), "del"), "Google told that, too");
  const { installs: left } = await read(`/v2/passes/${pass.id}`);
  holds(left.google.active === 0 && left.google.total === 1, "the pass counts none now, and one in all");
  const { usage: after } = await read("/v2/account");
  holds(
    after.installsActive === before.installsActive,
    `installsActive of the account is ${after.installsActive} again`,
  );
  await call(api, ["DELETE", `/v2/templates/${made.id}`], 204);
}

/** Whether the latest callback was of this kind, and taken. */
const answered = ({ callbacks: [latest] }, eventType) => latest?.eventType === eventType && latest.status === 200;

const textOf = ({ object }, key) => object.textModulesData.find(({ id }) => id === key).body;

/** Changes reach Google by a queue, a moment after the answer. */
async function untilSynced(api, { fail, holds }, passId) {
  for (let waited = 0; waited < PATIENCE_MS; waited += PAUSE_MS) {
    const { google, version } = await api.ask("GET", `/v2/passes/${passId}`);
    if (google.status === "failed") fail(`Google did not take it: ${google.failure.code}, ${google.failure.detail}`);
    if (google.status === "synced" && google.syncedVersion === version) {
      holds(true, `Google has version ${version}`);
      return google;
    }
    await sleep(PAUSE_MS);
  }
  return fail("Google was not told in time");
}
