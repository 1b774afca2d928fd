import { verticalTypes } from "../../src/google-wallet/fields/verticals";
import { projectOf, samples } from "./designs";
import type { Payload } from "./payloads";

/** Class and object of every design, as they are sent. */
export function projectedPayloads(): Payload[] {
  return [...samples].flatMap(([name, sample]): Payload[] => {
    const { vertical, class: body, object } = projectOf(sample).output;
    const classId = "3388000000012345678.tmpl_1.1.00";
    return [
      { name: `class of ${name}`, type: verticalTypes[vertical].class, json: { id: classId, ...body } },
      { name: `object of ${name}`, type: verticalTypes[vertical].object, json: { classId, ...object } },
    ];
  });
}
