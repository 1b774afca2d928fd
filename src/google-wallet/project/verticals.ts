import type { GoogleVertical } from "../../pass-model/vocabulary";
import type { VerticalProjection } from "./vertical";
import { eventTicket } from "./verticals/event-ticket";
import { flight } from "./verticals/flight";
import { generic } from "./verticals/generic";
import { giftCard } from "./verticals/gift-card";
import { loyalty } from "./verticals/loyalty";
import { offer } from "./verticals/offer";
import { transit } from "./verticals/transit";

export const verticals: { [Vertical in GoogleVertical]: VerticalProjection<Vertical> } = {
  eventTicket,
  flight,
  generic,
  giftCard,
  loyalty,
  offer,
  transit,
};
