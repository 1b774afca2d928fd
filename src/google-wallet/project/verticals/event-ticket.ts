import type { GoogleTypes } from "../../fields/types";
import { zonedDateTime } from "../dates";
import type { FactName } from "../hints";
import { present, presentOrNull } from "../present";
import type { Source } from "../source";
import type { VerticalProjection } from "../vertical";

/** Google, EventTicketClass and EventTicketObject. */
export const eventTicket: VerticalProjection<"eventTicket"> = {
  needs: [
    {
      side: "class",
      members: ["eventName"],
      words: "the name of the event (semantics.eventName, a field with the key event, or logoText)",
      has: (source) => nameOf(source) !== null,
    },
  ],
  headKeys: (source) => {
    const { facts } = source;
    const venue = venueOf(source) && facts.text("venueName");
    return [facts.keyIfShown("eventName", nameOf(source)), venue ? facts.keyIfShown("venueName", venue) : undefined];
  },
  class: (source) => {
    const { templatePictures, image, localized } = source;
    return present({
      eventName: localized(nameOf(source)),
      logo: image(templatePictures.logo),
      wideLogo: image(templatePictures.wideLogo),
      venue: venueOf(source),
      dateTime: dateTimeOf(source),
    });
  },
  object: ({ facts, localized }) => {
    const seat = facts.seats()[0];
    return present({
      ticketHolderName: facts.holder(),
      ticketNumber: facts.text("ticketNumber"),
      ticketType: localized(facts.text("ticketType")),
      seatInfo: presentOrNull({
        section: localized(seat?.section ?? null),
        row: localized(seat?.row ?? null),
        seat: localized(seat?.seat ?? null),
        gate: localized(facts.text("entrance")),
      }),
      reservationInfo: presentOrNull({ confirmationCode: facts.text("confirmation") }),
      faceValue: facts.money("price"),
    });
  },
};

const nameOf = ({ facts, pass }: Source): string | null => facts.text("eventName") ?? (pass.logoText || null);

const addressOf = ({ facts }: Source): string | null => facts.text("venueAddress") ?? facts.text("venueRegion");

/** Google takes no venue without both. */
function venueOf(source: Source): GoogleTypes["EventVenue"] | null {
  const name = source.localized(source.facts.text("venueName"));
  const address = source.localized(addressOf(source));
  return name && address ? { name, address } : null;
}

export const isVenueIncomplete = (source: Source): boolean =>
  source.facts.text("venueName") !== null && addressOf(source) === null;

function dateTimeOf({ facts, pass }: Source): GoogleTypes["EventDateTime"] | null {
  const at = (name: FactName) => {
    const date = facts.date(name);
    return date && zonedDateTime(date.instant, date.timeZone, pass.timeZone);
  };
  const [doors, gates] = [at("doors"), at("gatesOpen")];
  return presentOrNull({
    start: at("eventStart"),
    end: at("eventEnd"),
    doorsOpen: doors ?? gates,
    doorsOpenLabel: doors === null && gates !== null ? ("GATES_OPEN" as const) : null,
  });
}
