import { createApi } from "../start/api.mjs";
import { checkPackage } from "./check-package.mjs";

/** A pass through the API. Each step tells what it asks and what comes back, and ends the tour if that is not what it should be. */
export async function apiTour(api, narrator, folder, { template, pass: content }) {
  const { step, say, call, holds } = narrator;
  // Links are whole addresses, and nobody needs a key for them.
  const anybody = createApi("", null);

  step("Make a template");
  const { body: made } = await call(api, ["POST", "/v2/templates", template], 201);
  holds(made.version === 1, `${made.id} is version 1 of "${made.name}"`);

  step("Issue a pass from it");
  const issue = { templateId: made.id, values: content.values };
  const { body: pass } = await call(api, ["POST", "/v2/passes", issue], 201);
  holds(pass.status === "active" && pass.version === 1, `${pass.id} is active, at version 1`);
  const page = await call(anybody, ["GET", pass.links.page], 200);
  holds(page.type.startsWith("text/html"), "its link opens a page for anybody");

  step("See what the wallets change of it");
  for (const { code, pointer, detail } of pass.warnings) say(`${code} at ${pointer}: ${detail}`);
  const warned = pass.warnings.some(({ pointer }) => pointer === "#/locations");
  holds(warned, "Apple has no radius per place, and the answer says so");

  step("Ask for a pass with a wrong and a missing value");
  const wrong = { templateId: made.id, values: { points: "many" } };
  const { body: refusal } = await call(api, ["POST", "/v2/passes", wrong], 400);
  for (const { code, pointer, detail } of refusal.errors) say(`${code} at ${pointer}: ${detail}`);
  const found = (code, pointer) => refusal.errors.some((error) => error.code === code && error.pointer === pointer);
  holds(found("wrong_type", "#/values/points"), "the wrong type was found where it stands");
  holds(found("missing_value", "#/values/member"), "and the missing value, in the same answer");

  step("Change the pass");
  const change = { values: { points: content.values.points + 10 }, changeMessage: "Ten points more: %@" };
  const { body: changed } = await call(api, ["PATCH", `/v2/passes/${pass.id}`, change], 200);
  holds(
    changed.version === 2 && changed.values.points === change.values.points,
    `it has ${changed.values.points} points, at version 2`,
  );

  step("Read its history");
  const { body: history } = await call(api, ["GET", `/v2/passes/${pass.id}/versions`], 200);
  for (const { version, kind, changed: pointers } of history.data)
    say(`version ${version}: ${[kind, ...pointers].join(" ")}`);
  holds(history.data.map(({ kind }) => kind).join() === "updated,issued", "both versions are kept, the newest first");

  step("Download it for Apple Wallet and verify it without WePass");
  const download = ["GET", `/v2/passes/${pass.id}/pkpass`];
  const { pass: live } = await checkPackage(api, download, narrator, folder);
  const points = live.storeCard.headerFields.find(({ key }) => key === "points");
  holds(points.value === change.values.points, `the file says ${points.value} points`);
  holds(points.changeMessage === change.changeMessage, `the lock screen will say "${points.changeMessage}"`);

  step("Void it");
  const { body: voided } = await call(api, ["DELETE", `/v2/passes/${pass.id}`], 200);
  holds(voided.status === "voided", "the pass is void, and stays readable");

  step("Download it again");
  const { pass: dead } = await checkPackage(api, download, narrator, folder);
  holds(dead.voided === true, 'the file now says "voided": true');
  await call(anybody, ["GET", pass.links.page], 410);
  holds(true, "the public link is closed");

  step("Tidy up");
  await call(api, ["DELETE", `/v2/templates/${made.id}`], 204);
  holds(true, "the template is gone");
}
