import type { JsonObject, Warning } from "../../pass-model/resolved-pass";
import type { GoogleVertical, PassStyle } from "../../pass-model/vocabulary";
import type { FactName } from "./hints";
import { passThrough } from "./pass-through";
import type { Source } from "./source";
import type { Need } from "./vertical";
import { verticals } from "./verticals";

/** What a pass becomes at Google. */
export interface Decision {
  vertical: GoogleVertical;
  /** Members that the design writes itself. */
  through: { class: JsonObject; object: JsonObject };
  /** Whether its class can be made. */
  hasClass: boolean;
  warnings: Warning[];
}

/** Decided once, for Google keeps an object in its kind: what is missing later leaves the class as it is. */
export function decide(source: Source): Decision {
  const decided = source.options.vertical;
  const wanted = decided ?? wantedVertical(source);
  const first = throughOf(source, wanted);
  const missing = missingNeeds(source, wanted, first.through);
  if (missing.length === 0) return { vertical: wanted, hasClass: true, ...first };
  const list = missing.map(({ words }) => words).join("; ");
  if (decided !== null) {
    const detail = `the pass is a ${wanted} at Google and now lacks what its class demands, which stays as it is: ${list}`;
    const warning = { code: "google_class_unchanged", pointer: pointerOf(missing), detail };
    return { vertical: wanted, through: first.through, hasClass: false, warnings: [warning, ...first.warnings] };
  }
  const detail = `Google shows the pass as generic, because a ${wanted} needs ${list}`;
  const second = throughOf(source, "generic");
  const warning = { code: "google_generic_instead", pointer: pointerOf(missing), detail };
  return { vertical: "generic", through: second.through, hasClass: true, warnings: [warning, ...second.warnings] };
}

const pointerOf = (missing: Need[]): string =>
  missing.every(({ members }) => members.every((member) => /logo$/i.test(member))) ? "#/images/logo" : "#/semantics";

function throughOf({ pass }: Source, vertical: GoogleVertical): Pick<Decision, "through" | "warnings"> {
  const [ofClass, ofObject] = [passThrough(pass, "class", vertical), passThrough(pass, "object", vertical)];
  return {
    through: { class: ofClass.members, object: ofObject.members },
    warnings: [...ofClass.warnings, ...ofObject.warnings],
  };
}

function missingNeeds(source: Source, vertical: GoogleVertical, through: Decision["through"]): Need[] {
  return verticals[vertical].needs.filter(
    ({ side, members, has }) => !members.some((member) => member in through[side]) && !has(source, through[side]),
  );
}

function wantedVertical({ pass, facts }: Source): GoogleVertical {
  return pass.google.vertical ?? styleVerticals[pass.style]({ pass, facts });
}

/** By style; among store cards, by what the design has fields for. */
const styleVerticals: Record<PassStyle, (source: Pick<Source, "pass" | "facts">) => GoogleVertical> = {
  boardingPass: ({ pass }) => (pass.transitType === "air" ? "flight" : "transit"),
  coupon: () => "offer",
  eventTicket: () => "eventTicket",
  generic: () => "generic",
  storeCard: ({ facts }) => {
    const holdsMoney = ["cardNumber", "balance"].some((name) => facts.place(name as FactName) !== null);
    const isGiftCard = (holdsMoney || facts.tag("balance") !== undefined) && facts.place("points") === null;
    return isGiftCard ? "giftCard" : "loyalty";
  },
};
