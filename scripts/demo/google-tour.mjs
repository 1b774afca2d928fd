import { setTimeout as sleep } from "node:timers/promises";
import { createApi } from "../start/api.mjs";

const asJson = { accept: "application/json" };
const PAUSE_MS = 300;
const PATIENCE_MS = 30_000;

/** The life of a pass in Google Wallet, which the sandbox's simulator plays: saved, changed with a notification, void. */
export async function googleTour(api, narrator, { template, pass: content }) {
  const { step, say, call, holds } = narrator;
  const anybody = createApi("", null);
  const card = async (path) => (await call(anybody, ["GET", path, undefined, asJson], 200)).body;

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
  await call(anybody, ["POST", `${location}/save`], 303);
  const saved = await card(location);
  holds(saved.saved, "the pass is in the simulated Google Wallet");
  say(`it shows ${textOf(saved, "points")} points`);

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
  await call(api, ["DELETE", `/v2/templates/${made.id}`], 204);
}

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
