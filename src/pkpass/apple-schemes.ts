import type { Findings } from "../pass-model/issue";
import type { Json, JsonObject, Warning } from "../pass-model/resolved-pass";
import { isInstant } from "../pass-model/scalars";
import type { SemanticTag } from "../pass-model/semantic-tags";
import type { PassStyle } from "../pass-model/vocabulary";
import { eventGuideLinks } from "./apple-key-table";
import type { AppleKeyContext } from "./apple-key-table";

/** What a requirement looks at. */
interface Facts extends AppleKeyContext {
  apple: JsonObject;
}

interface Requirement {
  /** As the warning calls what is missing. */
  name: string;
  /** Absent: for every pass of the scheme. */
  when?: (facts: Facts) => boolean;
  met: (facts: Facts) => boolean;
}

type Scheme = "posterEventTicket" | "semanticBoardingPass";

const styleOf: Record<Scheme, PassStyle> = { posterEventTicket: "eventTicket", semanticBoardingPass: "boardingPass" };

const isSports = (facts: Facts) => facts.semantics.eventType === "PKEventTypeSports";
const isLivePerformance = (facts: Facts) => facts.semantics.eventType === "PKEventTypeLivePerformance";

/**
 * Without one of these Wallet falls back to the classic layout (pass-builder: the errors of
 * EventTicketValidator and BoardingPassValidator).
 */
const required: Record<Scheme, Requirement[]> = {
  posterEventTicket: [
    { name: "nfc", met: (facts) => facts.nfc },
    { name: "nfc.requiresAuthentication", when: (facts) => facts.nfc, met: (facts) => facts.nfcRequiresAuthentication },
    tag("eventName"),
    tag("venueName"),
    { ...tag("homeTeamAbbreviation"), when: isSports },
    { ...tag("awayTeamAbbreviation"), when: isSports },
    { ...tag("performerNames"), when: isLivePerformance },
    {
      name: "an artwork or background image",
      met: ({ images }) => images.includes("artwork") || images.includes("background"),
    },
  ],
  semanticBoardingPass: [
    tag("passengerName"),
    tag("airlineCode"),
    tag("flightNumber"),
    tag("originalDepartureDate"),
    tag("originalBoardingDate"),
    tag("originalArrivalDate"),
    tag("departureLocationTimeZone", "departureAirportTimeZone"),
    tag("departureAirportCode"),
    tag("destinationAirportCode"),
  ],
};

/** Without these the layout is shown, but poorer (the warnings of the same validators and of SeatValidator). */
const recommended: Record<Scheme, Requirement[]> = {
  posterEventTicket: [
    tag("eventStartDate"),
    { name: "an eventEndDate that is not before eventStartDate", met: startsBeforeEnd },
    { ...tag("artistIDs"), when: isLivePerformance },
    tag("seats"),
  ],
  semanticBoardingPass: [
    tag("departureCityName"),
    tag("destinationLocationTimeZone", "destinationAirportTimeZone"),
    tag("destinationCityName"),
    tag("seats"),
  ],
};

/**
 * What the new layouts of `preferredStyleSchemes` need from the rest of the pass. Nothing here refuses a
 * pass, for a device falls back by itself: `scheme_fallback` names what is missing for the layout,
 * `scheme_incomplete` what it would show besides, `event_guide_hidden` says that a poster event ticket
 * has fewer than two event-guide links.
 */
export function checkSchemes(apple: JsonObject, context: AppleKeyContext): Partial<Findings> {
  const schemes = Array.isArray(apple.preferredStyleSchemes) ? apple.preferredStyleSchemes : [];
  const facts = { ...context, apple };
  const warnings = schemes.flatMap((scheme, index) => {
    if (!isScheme(scheme) || styleOf[scheme] !== context.style) return [];
    const pointer = `#/apple/preferredStyleSchemes/${index}`;
    return [
      ...missing(required[scheme], facts, pointer, fallback(scheme, facts)),
      ...missing(recommended[scheme], facts, pointer, poorer(scheme)),
      ...eventGuide(scheme, facts, pointer),
    ];
  });
  return { warnings };
}

type Describe = (name: string) => Pick<Warning, "code" | "detail">;

function missing(requirements: Requirement[], facts: Facts, pointer: string, describe: Describe): Warning[] {
  return requirements
    .filter(({ when, met }) => (when?.(facts) ?? true) && !met(facts))
    .map(({ name }) => ({ pointer, ...describe(name) }));
}

function fallback(scheme: Scheme, facts: Facts): Describe {
  return (name) => ({
    code: "scheme_fallback",
    detail:
      name === "nfc" && facts.barcode
        ? `${scheme} needs nfc on iOS 18 to 26, where the classic layout will be shown; from iOS 27 the barcode is enough`
        : `${scheme} needs ${name}, which is missing; the classic layout will be shown`,
  });
}

function poorer(scheme: Scheme): Describe {
  return (name) => ({
    code: "scheme_incomplete",
    detail: `${scheme} should have ${name}; the layout is shown all the same`,
  });
}

function eventGuide(scheme: Scheme, { apple }: Facts, pointer: string): Warning[] {
  const links = eventGuideLinks.filter((key) => isPresent(apple[key]));
  if (scheme !== "posterEventTicket" || links.length >= 2) return [];
  const detail =
    `the event guide needs at least two links and the pass has ${links.length}, so Wallet hides it; ` +
    `links are ${eventGuideLinks.join(", ")}`;
  return [{ pointer, code: "event_guide_hidden", detail }];
}

function isScheme(scheme: Json): scheme is Scheme {
  return typeof scheme === "string" && Object.hasOwn(styleOf, scheme);
}

/** A semantic tag, under the documented name or under that of Apple's sources. */
function tag(name: SemanticTag, alias: string = name): Requirement {
  return { name, met: ({ semantics }) => isPresent(semantics[name]) || isPresent(semantics[alias]) };
}

/** As pass-builder sees it: neither absent nor empty, nor an object or list of nothing but empty text. */
function isPresent(value: Json | undefined): boolean {
  const hasContent = (part: Json | undefined) => part !== undefined && part !== null && part !== "";
  return typeof value === "object" && value !== null ? Object.values(value).some(hasContent) : hasContent(value);
}

function startsBeforeEnd({ semantics: { eventStartDate, eventEndDate } }: Facts): boolean {
  if (typeof eventStartDate !== "string" || typeof eventEndDate !== "string") return true;
  if (!isInstant(eventStartDate) || !isInstant(eventEndDate)) return true;
  return Date.parse(eventStartDate) <= Date.parse(eventEndDate);
}
