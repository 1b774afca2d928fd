import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createApi, refusalOf } from "../start/api.mjs";
import { readDemo } from "../start/demo-file.mjs";
import { StartError } from "../start/failure.mjs";
import { launch } from "../start/launch.mjs";
import { pathsOf } from "../start/options.mjs";
import { freePort } from "../start/port.mjs";

const ROOT = join(import.meta.dirname, "../..");
const DEFAULT_URL = "http://localhost:8787";

/** A client of the server to tour: the one that was asked for, else the one of `npm start`, else one of our own. */
export async function chooseServer({ url, key }, { print, cleanups }) {
  const { apiKey } = await readDemo(pathsOf(ROOT).demo);
  const api = createApi(url ?? DEFAULT_URL, key ?? apiKey);
  if (url === undefined && key === undefined) {
    return (await isOurs(api, apiKey)) ? api : ownServer({ print, cleanups });
  }
  if (!key && !apiKey) throw new StartError("Say which API key to use: npm run demo -- --url URL --key KEY.");
  const answer = await api.send("GET", "/v2/account");
  if (answer.status !== 200) throw new StartError(`${api.url} does not take the key: ${refusalOf(answer)}.`);
  return api;
}

async function isOurs(api, apiKey) {
  if (!apiKey) return false;
  try {
    return (await api.send("GET", "/v2/account")).status === 200;
  } catch (error) {
    if (error instanceof StartError) return false;
    throw error;
  }
}

async function ownServer({ print, cleanups }) {
  const folder = await mkdtemp(join(tmpdir(), "wepass-demo-"));
  cleanups.push(() => rm(folder, { recursive: true, force: true }));
  print("npm start is not running here, so this starts a server of its own and removes it afterwards.");
  const paths = pathsOf(ROOT, { persistTo: folder, devVars: join(folder, "dev-vars") });
  const { url, admin } = await launch(paths, { port: await freePort(), print, cleanups });
  const { apiKey } = await admin.ask("POST", "/admin/tenants", { name: "Fern & Finch Coffee" });
  return createApi(url, apiKey.token);
}
