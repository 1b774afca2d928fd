import { archiveCauses } from "./archive";
import { contentCauses } from "./content";
import { credentialCauses } from "./credentials";
import { passJsonCauses } from "./pass-json";
import { signatureCauses } from "./signature";

/** Everything that the doctor can find, by code. */
export const causes = {
  ...archiveCauses,
  ...signatureCauses,
  ...passJsonCauses,
  ...contentCauses,
  ...credentialCauses,
};

export type CauseCode = keyof typeof causes;
