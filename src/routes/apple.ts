import { Hono, type Context, type Next } from "hono";
import { applePassToken, describe, revisionTag, seenBefore, validateDeviceBody } from "../http/device";
import type { AppEnv } from "../http/env";
import { guarded } from "../http/guard";
import { lastModified, sendPass } from "../http/send-pass";
import { validate } from "../http/validate";
import { authorizeDevice, type DeviceCredentials } from "../services/devices/authorize";
import { fetchPass } from "../services/devices/fetch-pass";
import { listUpdates } from "../services/devices/list-updates";
import { storeLogs } from "../services/devices/log";
import { registerDevice } from "../services/devices/register";
import { unregisterDevice } from "../services/devices/unregister";
import { networkKey } from "../services/guards";
import { personalizePass } from "../services/passes/personalize";
import {
  accountPath,
  devicePath,
  docs,
  logBody,
  passPath,
  personalizationBody,
  registrationBody,
  registrationPath,
  updatesQuery,
} from "./apple.schema";

const devicesPasses = "/devices/:deviceLibraryIdentifier/registrations/:passTypeIdentifier";
const registration = `${devicesPasses}/:serialNumber` as const;
const pass = "/passes/:passTypeIdentifier/:serialNumber";

const logBytesMax = 64 * 1024;

const device = guarded((c) => ({
  device: [c.req.param("code"), c.req.param("deviceLibraryIdentifier")].join(" "),
  deviceNetwork: networkKey(c.get("base")),
}));
const serial = guarded((c) => ({
  devicePass: [c.req.param("code"), c.req.param("serialNumber"), networkKey(c.get("base"))].join(" "),
  deviceNetwork: networkKey(c.get("base")),
}));
const sender = guarded((c) => ({ deviceNetwork: networkKey(c.get("base")) }));

/** Apple's PassKit web service, as every device calls it, below `webServiceURL`/v1. */
export const apple = new Hono<AppEnv>()
  .post(
    registration,
    docs.register,
    validate("param", registrationPath),
    device,
    holder,
    validateDeviceBody(registrationBody),
    async (c) => {
      const { deviceLibraryIdentifier } = c.req.valid("param");
      const isNew = await registerDevice(c.get("device"), deviceLibraryIdentifier, c.req.valid("json").pushToken);
      return c.body(null, isNew ? 201 : 200);
    },
  )
  .delete(registration, docs.unregister, validate("param", registrationPath), device, holder, async (c) => {
    await unregisterDevice(c.get("device"), c.req.valid("param").deviceLibraryIdentifier);
    return c.body(null, 200);
  })
  .get(
    devicesPasses,
    docs.listUpdates,
    validate("param", devicePath),
    device,
    describe("query", updatesQuery),
    async (c) => {
      const { code, deviceLibraryIdentifier, passTypeIdentifier } = c.req.valid("param");
      const changed = await listUpdates(c.get("base"), {
        tenantCode: code,
        passTypeIdentifier,
        deviceId: deviceLibraryIdentifier,
        since: c.req.query("passesUpdatedSince"),
      });
      return changed ? c.json(changed) : c.body(null, 204);
    },
  )
  .get(pass, docs.fetch, validate("param", passPath), serial, async (c) => {
    const headOnly = c.req.method === "HEAD";
    const fetched = await fetchPass(c.get("base"), credentials(c), seenBefore(c), headOnly);
    c.header("etag", revisionTag(fetched.pass.revision));
    // The device may keep it and must ask again; nobody on the way may keep it.
    c.header("cache-control", "private, no-cache");
    if (fetched.unchanged) return c.body(null, 304, { "last-modified": lastModified(fetched.pass) });
    return sendPass(c, fetched.bytes, fetched.pass);
  })
  .post(
    `${pass}/personalize`,
    docs.personalize,
    validate("param", passPath),
    serial,
    holder,
    validateDeviceBody(personalizationBody),
    async (c) => {
      const { code } = c.req.valid("param");
      const signature = await personalizePass(c.get("base"), code, c.get("device"), c.req.valid("json"));
      return c.body(signature as Uint8Array<ArrayBuffer>, 200, { "content-type": "application/octet-stream" });
    },
  )
  .post("/log", docs.log, validate("param", accountPath), sender, describe("json", logBody), async (c) => {
    // Heard out, and read as far as a log of any use goes.
    const text = new TextDecoder().decode((await c.req.arrayBuffer()).slice(0, logBytesMax));
    await storeLogs(c.get("base"), c.req.valid("param").code, text);
    return c.body(null, 200);
  });

/** Lets only those pass who hold the pass; what they send is looked at after that. */
async function holder(c: Context<AppEnv>, next: Next): Promise<void> {
  c.set("device", await authorizeDevice(c.get("base"), credentials(c)));
  await next();
}

function credentials(c: Context<AppEnv>): DeviceCredentials {
  return {
    tenantCode: c.req.param("code") ?? "",
    passTypeIdentifier: c.req.param("passTypeIdentifier") ?? "",
    serialNumber: c.req.param("serialNumber") ?? "",
    token: applePassToken(c),
  };
}
