import type { GoogleVertical, PassStyle } from "../../pass-model/vocabulary";
import type { GoogleTypeName } from "./types";

interface VerticalTypes<Prefix extends string, Path extends string> {
  class: GoogleTypeName & `${Prefix}Class`;
  object: GoogleTypeName & `${Prefix}Object`;
  /** Members of a JWT's payload. */
  payload: { classes: `${Path}Classes`; objects: `${Path}Objects` };
  /** Last step of the path of a resource. */
  path: { class: `${Path}Class`; object: `${Path}Object` };
}

const names = <Path extends GoogleVertical>(path: Path): VerticalTypes<Capitalize<Path>, Path> => {
  const prefix = (path[0]!.toUpperCase() + path.slice(1)) as Capitalize<Path>;
  return {
    class: `${prefix}Class` as VerticalTypes<Capitalize<Path>, Path>["class"],
    object: `${prefix}Object` as VerticalTypes<Capitalize<Path>, Path>["object"],
    payload: { classes: `${path}Classes`, objects: `${path}Objects` },
    path: { class: `${path}Class`, object: `${path}Object` },
  };
};

/** What Google calls the types, paths and payload members of each kind of pass. */
export const verticalTypes = {
  eventTicket: names("eventTicket"),
  flight: names("flight"),
  generic: names("generic"),
  giftCard: names("giftCard"),
  loyalty: names("loyalty"),
  offer: names("offer"),
  transit: names("transit"),
};

/** What a style can become, the one that suits it best first. */
export const verticalsOfStyle: Record<PassStyle, readonly GoogleVertical[]> = {
  boardingPass: ["flight", "transit", "generic"],
  coupon: ["offer", "generic"],
  eventTicket: ["eventTicket", "generic"],
  generic: ["generic"],
  storeCard: ["loyalty", "giftCard", "generic"],
};
