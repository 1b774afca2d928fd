import { sendJson, send } from "./http-client.mjs";
import { passkitMaker } from "./passkit.mjs";
import { ratio, runRounds } from "./rounds.mjs";
import { verifyPass } from "./verify.mjs";

const goals = { rsa: 0.8, passkit: 30 };

/** Making passes: ours in workerd against the bare signature there, and against passkit-generator in Node. */
export async function measureMaking({ benchUrl, images, seconds, rounds }) {
  const body = Object.fromEntries(Object.entries(images).map(([path, bytes]) => [path, bytes.toString("base64")]));
  const certificates = await sendJson(benchUrl, { method: "POST", path: "/setup", body });
  const passJsons = await sendJson(benchUrl, { path: "/pass-json/card" });
  const byPasskit = passkitMaker(images, certificates, passJsons);
  const ours = verifyPass(await send(benchUrl, { path: "/pass/card" }));
  verifyPass(await send(benchUrl, { path: "/pass/flight" }));
  const theirs = verifyPass(byPasskit());
  if (ours.join() !== theirs.join()) throw new Error(`not the same files: ${ours} and ${theirs}`);

  const inWorkerd = (path) => timed(benchUrl, path, seconds);
  const rates = await runRounds(
    {
      rsa: await inWorkerd("card/rsa"),
      card: await inWorkerd("card/pass"),
      flight: await inWorkerd("flight/pass"),
      passkit: () => inNode(byPasskit, seconds * 2),
    },
    rounds,
  );
  return [
    { name: "make a store card / bare RSA-2048 signature", ...ratio(rates, "card", "rsa"), goal: goals.rsa },
    { name: "make a boarding pass / bare RSA-2048 signature", ...ratio(rates, "flight", "rsa"), goal: goals.rsa },
    {
      name: "make a store card / the same by passkit-generator",
      ...ratio(rates, "card", "passkit"),
      goal: goals.passkit,
    },
  ];
}

/** What each step costs, as a share of the bare signature. */
export async function measureSteps({ benchUrl, seconds, rounds }) {
  const steps = "check checkResolved resolve project package stringify sha1 sign splice pass".split(" ");
  const rows = [];
  for (const design of ["card", "flight"]) {
    const contestants = {};
    for (const step of ["rsa", ...steps]) contestants[step] = await timed(benchUrl, `${design}/${step}`, seconds);
    const rates = await runRounds(contestants, rounds);
    rows.push(
      ...steps.map((step) => ({ name: `time of ${design}: ${step} / bare signature`, ...ratio(rates, "rsa", step) })),
    );
  }
  return rows;
}

/** Operations per second inside workerd, so many per request that the request itself does not count. */
export async function timed(benchUrl, path, seconds) {
  const run = async (times) => {
    const startedAt = performance.now();
    await send(benchUrl, { path: `/run/${path}?n=${times}` });
    return times / ((performance.now() - startedAt) / 1000);
  };
  await run(200);
  const times = Math.ceil((await run(200)) * seconds);
  return () => run(times);
}

function inNode(make, seconds) {
  const startedAt = performance.now();
  let done = 0;
  for (; performance.now() < startedAt + seconds * 1000; done += 1) make();
  return done / ((performance.now() - startedAt) / 1000);
}
