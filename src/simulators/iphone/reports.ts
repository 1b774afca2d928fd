import type { Fault } from "./inspect";
import type { InstalledPass } from "./installed-pass";
import type { Answer, Device, Service } from "./web-service";

/** The sentences that real devices send to `/v1/log`, so that who reads our log knows those of a phone. */

const named = ({ passTypeIdentifier, serialNumber }: InstalledPass) =>
  `pass type ${passTypeIdentifier}, serial number ${serialNumber}`;

const encountered = (answer: Answer) => `encountered error: ${reasonOf(answer)}`;

function reasonOf({ status }: Answer): string {
  if (status === 0) return "The Internet connection appears to be offline.";
  return status === 401 ? "Authentication failure" : `Unexpected response code ${status}`;
}

export const reports = {
  registering: ({ deviceLibraryIdentifier }: Device, pass: InstalledPass, answer: Answer) =>
    `Register task (for device ${deviceLibraryIdentifier}, ${named(pass)}; with web service url ${pass.service!.url}) ${encountered(answer)}`,

  unregistering: ({ deviceLibraryIdentifier }: Device, pass: InstalledPass, answer: Answer) =>
    `Unregister task (for device ${deviceLibraryIdentifier}, ${named(pass)}; with web service url ${pass.service!.url}) ${encountered(answer)}`,

  listing: ({ deviceLibraryIdentifier }: Device, service: Service, tag: string | null, answer: Answer) =>
    `Get serial #s task (for device ${deviceLibraryIdentifier}, pass type ${service.passTypeIdentifier}, last updated ${tag ?? "(null)"}; with web service url ${service.url}) ${
      answer.status === 200 ? "encountered error: Server response was malformed" : encountered(answer)
    }`,

  fetching: (pass: InstalledPass, answer: Answer, faults: Fault[]) =>
    `Get pass task (${named(pass)}, if-modified-since ${pass.lastModified ?? "(null)"}; with web service url ${pass.service!.url}) ${
      faults.length > 0 && answer.status === 200
        ? `encountered error: Received invalid pass data (${faults.map(({ code, seen }) => `${code}: ${seen}`).join("; ")})`
        : encountered(answer)
    }`,

  needless: ({ passTypeIdentifier, serialNumber, service, lastModified }: InstalledPass) =>
    `Web service error for ${passTypeIdentifier} (${service!.url}): Server ignored the 'if-modified-since' header (${lastModified}) and returned the full unchanged pass data for serial number '${serialNumber}'.`,

  sameTag: ({ url, passTypeIdentifier }: Service, tag: string, count: number) =>
    `Web service error for ${passTypeIdentifier} (${url}): Response to 'What changed?' request included ${count} serial numbers but the lastUpdated tag (${tag}) remained the same.`,

  unknownSerial: ({ url, passTypeIdentifier }: Service, serialNumber: string) =>
    `Web service error for ${passTypeIdentifier} (${url}): Update requested for unregistered serial number ${serialNumber}`,
};
