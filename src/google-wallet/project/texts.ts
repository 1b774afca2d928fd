import { formatValue } from "../../pass-model/format";
import type { ResolvedField, ResolvedPass } from "../../pass-model/resolved-pass";
import { stringTable, translate } from "../../pass-model/translations";
import type { GoogleTypes } from "../fields/types";

export type LocalizedString = GoogleTypes["LocalizedString"];

/** One text in the language of the pass, and in the others if it differs there. */
export interface Text {
  plain: string;
  localized: LocalizedString | null;
}

/** Writes the texts of one pass in every language that its template was translated into. */
export interface Texts {
  /** A text of the design. */
  of: (text: string) => Text;
  /** A value, formatted as each language does; dates always absolutely, because nothing counts down at Google. */
  value: (field: ResolvedField) => Text;
  /** A text put together by language. */
  made: (write: (reader: Reader) => string) => Text;
}

/** One language: how it says texts of the design and values. */
export interface Reader {
  text: (text: string) => string;
  value: (field: ResolvedField) => string;
}

export function textsOf(
  { localizations, locale, timeZone }: Pick<ResolvedPass, "localizations" | "locale" | "timeZone">,
  now: number,
): Texts {
  const readerOf = (tag: string): Reader & { tag: string } => {
    const table = stringTable(localizations, tag);
    // An empty translation would leave Google without a text.
    const text = (original: string) => translate(table, original) || original;
    const value = (field: ResolvedField) => {
      const shown = field.relative ? { ...field, relative: false } : field;
      return field.type === "text" ? text(String(field.value)) : formatValue(shown, { locale: tag, timeZone, now });
    };
    return { tag, text, value };
  };
  const own = readerOf(locale);
  const others = Object.keys(localizations).flatMap((tag) => (tag === locale ? [] : [readerOf(tag)]));

  const made: Texts["made"] = (write) => {
    const plain = write(own);
    const translations = others.map((reader) => ({ language: reader.tag, value: write(reader) }));
    if (translations.every(({ value }) => value === plain)) return { plain, localized: null };
    return { plain, localized: { ...inLanguage(locale, plain), translatedValues: translations } };
  };
  return {
    made,
    of: (text) => made((reader) => reader.text(text)),
    value: (field) => made((reader) => reader.value(field)),
  };
}

const inLanguage = (language: string, value: string): LocalizedString => ({ defaultValue: { language, value } });

/** For members that Google has in localised form only. */
export const localizedOf = ({ plain, localized }: Text, locale: string): LocalizedString =>
  localized ?? inLanguage(locale, plain);
