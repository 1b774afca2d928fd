import { boardingPass } from "./businesses/airline.mjs";
import { coffeeCard } from "./businesses/coffee.mjs";
import { festivalTicket } from "./businesses/festival.mjs";
import { gymMembership } from "./businesses/gym.mjs";
import { plantCoupon } from "./businesses/plants.mjs";

/**
 * What the demo is seeded with: one invented business per pass style. `template` is the body of
 * `POST /v2/templates`; `pass` is the body of `POST /v2/passes` but for its `templateId`.
 *
 * @param {{ now?: number }} [options] `now` in milliseconds since 1970; the passes' dates lie shortly after it.
 * @returns {{ template: object, pass: object }[]}
 */
export function demoTemplates({ now = Date.now() } = {}) {
  return [coffeeCard, boardingPass, festivalTicket, plantCoupon, gymMembership].map((business) => business({ now }));
}
