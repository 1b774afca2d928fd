import { strFromU8, unzipSync } from "fflate";
import { expect } from "vitest";
import { call, type Answer, type TestTenant } from "./api";

/** A device as PassKit's web service meets it: it knows what stands in the passes that it holds, and nothing else. */

export interface HeldPass {
  /** Path of the web service, with the version that the device adds. */
  base: string;
  passTypeIdentifier: string;
  serialNumber: string;
  authenticationToken: string;
}

type Options = NonNullable<Parameters<typeof call>[2]>;

export const passJsonOf = ({ bytes }: Pick<Answer, "bytes">): Record<string, any> =>
  JSON.parse(strFromU8(unzipSync(bytes)["pass.json"]!));

/** What the device reads in the file of a pass. */
export async function heldPass(tenant: TestTenant, passId: string): Promise<HeldPass> {
  const answer = await tenant.get(`/v2/passes/${passId}/pkpass`);
  expect(answer.status, answer.text).toBe(200);
  const { webServiceURL, passTypeIdentifier, serialNumber, authenticationToken } = passJsonOf(answer);
  return { base: `${new URL(webServiceURL).pathname}/v1`, passTypeIdentifier, serialNumber, authenticationToken };
}

export const applePass = ({ authenticationToken }: HeldPass): Record<string, string> => ({
  authorization: `ApplePass ${authenticationToken}`,
});

const segment = encodeURIComponent;

export const passPath = ({ base, passTypeIdentifier, serialNumber }: HeldPass): string =>
  `${base}/passes/${segment(passTypeIdentifier)}/${segment(serialNumber)}`;

export const listPath = ({ base, passTypeIdentifier }: HeldPass, device: string): string =>
  `${base}/devices/${segment(device)}/registrations/${segment(passTypeIdentifier)}`;

export const registrationPath = (pass: HeldPass, device: string): string =>
  `${listPath(pass, device)}/${segment(pass.serialNumber)}`;

let devices = 0;

/** A device of the test's own. */
export function newDevice(id = `device-${(devices += 1)}-${crypto.randomUUID()}`) {
  const pushToken = `push-token-of-${id}`;
  return {
    id,
    pushToken,
    register: (pass: HeldPass, options: Options = {}) =>
      call("POST", registrationPath(pass, id), { body: { pushToken }, headers: applePass(pass), ...options }),
    unregister: (pass: HeldPass, options: Options = {}) =>
      call("DELETE", registrationPath(pass, id), { headers: applePass(pass), ...options }),
    list: (pass: HeldPass, tag?: string, options: Options = {}) =>
      call(
        "GET",
        `${listPath(pass, id)}${tag === undefined ? "" : `?passesUpdatedSince=${encodeURIComponent(tag)}`}`,
        options,
      ),
  };
}

export type TestDevice = ReturnType<typeof newDevice>;

export const fetchPass = (pass: HeldPass, headers: Record<string, string> = {}, options: Options = {}) =>
  call("GET", passPath(pass), { headers: { ...applePass(pass), ...headers }, ...options });
