import type { ResolvedField, ResolvedPass } from "../pass-model/resolved-pass";
import { localizedOf, textsOf, type LocalizedString, type Reader } from "./project/texts";

/** The text of a message, as addMessage takes it. */
export interface Announcement {
  header: string;
  body: string;
  localizedHeader: LocalizedString;
  localizedBody: LocalizedString;
}

/**
 * What the lock screen is to say of a change: one line for each field whose value is another and that has a change
 * message. Null if nothing is to be said; a pass that is new announces nothing.
 */
export function announcementOf(previous: ResolvedPass | null, current: ResolvedPass, now: number): Announcement | null {
  if (previous === null) return null;
  const former = new Map(previous.fields.map((field) => [field.key, field.value]));
  const changed = current.fields.filter(
    ({ key, value, changeMessage }) => changeMessage !== null && former.get(key) !== value,
  );
  if (changed.length === 0) return null;
  const texts = textsOf(current, now);
  const header = texts.of(current.organizationName);
  const body = texts.made((reader) => changed.map((field) => lineOf(field, reader)).join("\n"));
  return {
    header: header.plain,
    body: body.plain,
    localizedHeader: localizedOf(header, current.locale),
    localizedBody: localizedOf(body, current.locale),
  };
}

const lineOf = (field: ResolvedField, reader: Reader): string =>
  // A function, because `$&` in a value would otherwise be read as a pattern.
  reader.text(field.changeMessage!).replaceAll("%@", () => reader.value(field));
