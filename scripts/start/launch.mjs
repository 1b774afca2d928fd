import { setTimeout as sleep } from "node:timers/promises";
import { ensureDevVars } from "../support/dev-vars.mjs";
import { createApi, refusalOf } from "./api.mjs";
import { StartError } from "./failure.mjs";
import { checkLocalState } from "./local-state.mjs";
import { lastError, newLog } from "./log.mjs";
import { migrate } from "./migrate.mjs";
import { requireFreePort } from "./port.mjs";
import { startWorker, untilReady } from "./worker.mjs";

const MASTER_KEY_BYTES = 32;
const LOG_DELAY_MS = 500;

/**
 * From the files of `paths` to a Worker that serves `port`. Answers `{ url, admin, worker }`, `admin` being the client with
 * the operator's token. Whatever it starts, `cleanups` learns how to stop. Throws StartError.
 */
export async function launch(paths, { port, print, cleanups }) {
  const url = `http://localhost:${port}`;
  await requireFreePort(port);
  const { ADMIN_TOKEN } = await secretsOf(paths.devVars);
  await checkLocalState(paths.state);
  await newLog(paths.log);

  print("Bringing the databases up to date …");
  await migrate(paths);
  print("Starting the Worker …");
  const worker = await startWorker(paths, { port, url });
  cleanups.push(() => worker.stop());
  await untilReady(worker, url, paths.log);
  const admin = createApi(url, ADMIN_TOKEN);
  await checkStatus(admin, paths);
  return { url, admin, worker };
}

async function secretsOf(path) {
  let secrets;
  try {
    secrets = await ensureDevVars(path);
  } catch (error) {
    throw new StartError(error.code ? `${path} cannot be used: ${error.message}.` : error.message);
  }
  if (Buffer.from(secrets.MASTER_KEY, "base64").length !== MASTER_KEY_BYTES) {
    throw new StartError(
      `The MASTER_KEY in ${path} is not ${MASTER_KEY_BYTES} bytes in base64: put back what it was, or remove the file to have a new one made.`,
    );
  }
  return secrets;
}

async function checkStatus(admin, { devVars, state, log }) {
  const answer = await admin.send("GET", "/admin/status");
  if (answer.status === 200) return;
  if (answer.body.code === "master_key_mismatch") {
    throw new StartError(
      `The local data was made under another MASTER_KEY than the one in ${devVars}: put the former key back, or delete ${state}/v3 to begin with empty databases.`,
    );
  }
  // The Worker's log arrives a little after its answer.
  await sleep(LOG_DELAY_MS);
  const reason = (await lastError(log)) ?? refusalOf(answer);
  throw new StartError(`The Worker cannot serve requests (${reason}); its output is in ${log}.`);
}
