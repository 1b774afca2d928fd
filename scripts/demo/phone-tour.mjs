/** The whole life of a pass on a phone: added, changed, changed again, void, removed. */
export async function phoneTour(api, narrator, { phone, garble }, { template, values }) {
  const { step, say, call, fail, holds } = narrator;
  const shown = () => phone.wallet[0];
  const readPass = async (id) => (await call(api, ["GET", `/v2/passes/${id}`], 200)).body;
  const tellsOf = async (type, passId) => {
    const { body: events } = await call(api, ["GET", "/v2/events?limit=20"], 200);
    return events.data.some((event) => event.type === type && event.passId === passId);
  };

  step("Add a pass to an iPhone");
  const issue = { templateId: template.id, values };
  const { body: pass } = await call(api, ["POST", "/v2/passes", issue], 201);
  const { passTypeIdentifier, registration } = await phone
    .install(pass.links.page)
    .catch(({ message }) => fail(message));
  const push = async () => (await phone.push(passTypeIdentifier))[0] ?? fail("nothing is listed");
  holds(true, "the phone verified type, archive, manifest, signature, certificates and content as Wallet does");
  holds(registration === "registered", "and registered itself for changes of the pass");
  const { installs } = await readPass(pass.id);
  holds(installs.active === 1 && installs.total === 1, "the API counts one installation");
  holds(await tellsOf("pass.installed", pass.id), "and tells of it: pass.installed");
  await phone.poll();

  step("Change it, and push");
  const points = values.points + 10;
  const change = { values: { points }, changeMessage: "Ten points more: %@" };
  await call(api, ["PATCH", `/v2/passes/${pass.id}`, change], 200);
  const changed = await push();
  holds(changed.serialNumber === pass.id && changed.outcome === "updated", "the phone was told which pass changed");
  say(`lock screen: "${changed.message}"`);
  holds(changed.message === `Ten points more: ${shown().front.points}`, "one changed field gives its own message");

  step("Ask again, though nothing changed");
  const { outcome } = await phone.pullToRefresh(pass.id);
  holds(outcome === "unchanged", "not modified: nothing was sent");
  holds((await phone.push(passTypeIdentifier)).length === 0, "and nothing is listed");

  step("Change two fields at once");
  await call(api, ["PATCH", `/v2/passes/${pass.id}`, { values: { points: points + 5, balance: 25 } }], 200);
  const both = await push();
  say(`lock screen: "${both.message}"`);
  holds(both.changed.length === 2 && both.message === "Store card changed", "two fields give one general message");

  step("Lose a bit on the way");
  await call(api, ["PATCH", `/v2/passes/${pass.id}`, { values: { balance: 20 } }], 200);
  garble();
  const rejected = await push();
  for (const { code, seen } of rejected.faults) say(`${code}: ${seen}`);
  holds(rejected.outcome === "rejected", "the phone does not take a file that is not whole, and keeps what it has");
  const { body: logs } = await call(api, ["GET", "/v2/apple/logs?limit=1"], 200);
  say(logs.data[0]?.message);
  holds(logs.data[0]?.message === phone.reported.at(-1), "what the phone complains of can be read here");
  const [repaired] = await phone.poll();
  holds(repaired?.outcome === "updated", `with the next poll it has it: ${shown().front.balance}`);

  step("Void it");
  await call(api, ["DELETE", `/v2/passes/${pass.id}`], 200);
  await push();
  holds(shown().voided, "the phone shows it void");

  step("Remove it from the phone");
  await phone.remove(pass.id);
  holds(phone.wallet.length === 0, "the phone has forgotten it");
  const { installs: after } = await readPass(pass.id);
  holds(after.active === 0 && after.total === 1, "the API counts none now, and one in all");
  holds(await tellsOf("pass.uninstalled", pass.id), "and tells of it: pass.uninstalled");
  holds((await phone.poll()).length === 0, "and the phone has nothing to ask for");
  await call(api, ["DELETE", `/v2/templates/${template.id}`], 204);
}
