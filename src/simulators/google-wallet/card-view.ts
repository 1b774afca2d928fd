import { isObject } from "../../pass-model/json";
import type { JsonObject } from "../../pass-model/resolved-pass";
import type { TransitType } from "../../pass-model/vocabulary";
import { type CardCode, cardCode } from "./card-code";
import { type CardColors, cardColors } from "./card-colors";
import { type CardDetails, cardDetails } from "./card-details";
import { type CardImage, imageAt } from "./card-images";
import { type CardItem, type Sight, templateItem, templateRows, textAt } from "./card-template";
import { instantOf, memberOf, stringOf } from "./card-values";
import { faces, type Journey } from "./card-verticals";
import { cardWords } from "./card-words";
import type { SavedCard } from "./contract";

const cardStates = ["ACTIVE", "COMPLETED", "EXPIRED", "INACTIVE"] as const;
type CardState = (typeof cardStates)[number];

/** Everything that is drawn of a card, in the reader's language. */
export interface CardView {
  state: CardState;
  colors: CardColors;
  issuer: string;
  logo: CardImage | null;
  wideLogo: CardImage | null;
  overline: string | null;
  title: string | null;
  caption: string | null;
  journey: { from: Place; to: Place | null; transitType: TransitType } | null;
  rows: CardItem[][];
  code: CardCode | null;
  hero: CardImage | null;
  details: CardDetails;
}

/** An airport or a station: its code, its name, or both. */
export interface Place {
  code: string | null;
  name: string | null;
}

/** What Google Wallet shows of a card at `now`, to a reader of `language` (BCP 47). */
export async function cardView(
  card: Omit<SavedCard, "notifications" | "callbacks">,
  reader: { language: string; now: number },
): Promise<CardView> {
  const sight: Sight = { card, language: reader.language, words: cardWords(reader.language) };
  const face = faces[card.vertical];
  const override = memberOf(card.class["classTemplateInfo"], "cardTemplateOverride");
  return {
    state: stateOf(card.object, reader.now),
    colors: cardColors(textAt(sight, face.background)),
    issuer: textAt(sight, face.issuer) ?? "",
    logo: imageAt(sight, face.logo),
    wideLogo: imageAt(sight, face.wideLogo),
    overline: Array.isArray(face.overline) ? textAt(sight, face.overline) : sight.words.say(face.overline.word),
    title: textAt(sight, face.title),
    caption: textAt(sight, face.caption),
    journey: face.journey === null ? null : journeyOf(sight, face.journey),
    rows: isObject(override)
      ? templateRows(sight, override)
      : face.rows
          .map((row) => row.map((item) => templateItem(sight, item)).filter((item) => item !== null))
          .filter((row) => row.length > 0),
    code: await cardCode(sight, reader.now),
    hero: imageAt(sight, ["object.heroImage", "class.heroImage"]),
    details: cardDetails(sight, card.vertical, reader.now),
  };
}

/** The state as the issuer set it, its deprecated names included; a card whose time is over has expired. */
function stateOf(object: JsonObject, now: number): CardState {
  const set = cardStates.find((state) => state === stringOf(object["state"]).toUpperCase()) ?? "ACTIVE";
  const end = instantOf(memberOf(object["validTimeInterval"], "end"));
  return set === "ACTIVE" && end <= now ? "EXPIRED" : set;
}

function journeyOf(sight: Sight, { from, to, transitType }: Journey): CardView["journey"] {
  const place = ({ code, name }: Journey["from"]) => ({ code: textAt(sight, code), name: textAt(sight, name) });
  const [origin, destination] = [place(from), place(to)];
  const known = ({ code, name }: Place) => code !== null || name !== null;
  if (!known(origin)) return null;
  return { from: origin, to: known(destination) ? destination : null, transitType: transitType(sight.card.class) };
}
