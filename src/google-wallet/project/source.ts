import type { ResolvedImage, ResolvedPass } from "../../pass-model/resolved-pass";
import type { GoogleVertical } from "../../pass-model/vocabulary";
import { factsOf, type Facts } from "./facts";
import { ownPicturesOf, picturesOf, type Image, type Picture, type Pictures } from "./pictures";
import { localizedOf, textsOf, type LocalizedString, type Text, type Texts } from "./texts";

export interface GoogleOptions {
  /** Stands in ids only. */
  issuerId: string;
  /** What was decided when the pass first went to Google; null decides now. */
  vertical: GoogleVertical | null;
  /** Where the public can fetch a picture. */
  imageUrl: (image: Pick<ResolvedImage, "id" | "variant">) => string;
  /** Whom Google tells of saves and deletions. */
  callbackUrl: string | null;
  homepageUrl: string | null;
  /** Epoch milliseconds. */
  now: number;
}

/** A pass made ready to be read by the kinds of passes. */
export interface Source {
  pass: ResolvedPass;
  options: GoogleOptions;
  texts: Texts;
  facts: Facts;
  /** For what all passes of a template share. */
  templatePictures: Pictures;
  ownPictures: Pictures;
  /** Everything that the pass shows. */
  pictures: Pictures;
  image: (picture: Picture | null) => Image | null;
  /** A text of the design or a value, for members that Google has in localised form only. */
  localized: (text: string | null) => LocalizedString | null;
  localize: (text: Text) => LocalizedString;
}

export function sourceOf(pass: ResolvedPass, options: GoogleOptions): Source {
  const texts = textsOf(pass, options.now);
  const localize = (text: Text) => localizedOf(text, pass.locale);
  return {
    pass,
    options,
    texts,
    facts: factsOf(pass, texts),
    templatePictures: picturesOf(pass.templateImages),
    ownPictures: ownPicturesOf(pass),
    pictures: picturesOf(pass.images),
    image: (picture) => picture && { sourceUri: { uri: options.imageUrl(picture.image) } },
    localized: (text) => (text === null ? null : localize(texts.of(text))),
    localize,
  };
}
