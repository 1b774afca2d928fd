import type { ResolvedField } from "../../pass-model/resolved-pass";
import type { GoogleTypes } from "../fields/types";
import { isLink } from "./layout";
import { present } from "./present";
import type { Texts } from "./texts";

type TextModule = GoogleTypes["TextModuleData"];
type Uri = GoogleTypes["Uri"];

/** The fields of a pass as Google has them: each a text module or a link under its key. */
export function modulesOf(fields: ResolvedField[], texts: Texts): { modules: TextModule[]; uris: Uri[] } {
  const modules: TextModule[] = [];
  const uris: Uri[] = [];
  for (const field of fields) {
    const uri = isLink(field) ? uriOf(field) : null;
    if (uri !== null) uris.push(linkOf(field, uri, texts));
    else {
      const module = textModuleOf(field, texts);
      if (module) modules.push(module);
    }
  }
  return { modules, uris };
}

function textModuleOf(field: ResolvedField, texts: Texts): TextModule | null {
  const header = field.label ? texts.of(field.label) : null;
  const body = texts.value(field);
  if (body.plain === "") return null;
  return present({
    id: field.key,
    header: header?.plain,
    localizedHeader: header?.localized,
    body: body.plain,
    localizedBody: body.localized,
  });
}

function linkOf(field: ResolvedField, uri: string, texts: Texts): Uri {
  const { plain, localized } = texts.of(field.label || String(field.value));
  return present({ id: field.key, uri, description: plain, localizedDescription: localized });
}

/** A value never chooses the scheme of its link. Null if it is none of what its type says. */
function uriOf({ type, value }: ResolvedField): string | null {
  const text = String(value).trim().toWellFormed();
  if (type === "url") return /^https?:\/\/[^\s]+$/i.test(text) && URL.canParse(text) ? text : null;
  if (type === "email") return /^[^\s@]+@[^\s@]+$/.test(text) ? `mailto:${mailbox(text)}` : null;
  const number = text.replace(/[^+\d*#,;]/g, "");
  return /^\+?[\d*#,;]{2,40}$/.test(number) ? `tel:${number.replaceAll("#", "%23")}` : null;
}

/** RFC 6068 §2: what has a meaning in URIs is escaped. */
const mailbox = (address: string): string => address.split("@").map(encodeURIComponent).join("@");
