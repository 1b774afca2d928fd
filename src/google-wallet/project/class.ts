import type { GoogleVertical } from "../../pass-model/vocabulary";
import type { GoogleTypes } from "../fields/types";
import { classTemplateInfo, type CardLayout } from "./layout";
import { present } from "./present";
import type { Source } from "./source";

/** Kinds whose colour stands in the object, so that a pass can have its own; the others have it in the class alone. */
export const objectColors: ReadonlySet<GoogleVertical> = new Set(["eventTicket", "flight", "generic", "transit"]);

/** What classes of every kind have. */
export function classMembers(source: Source, layout: CardLayout): Partial<GoogleTypes["GenericClass"]> {
  const { pass, options } = source;
  return present({
    classTemplateInfo: classTemplateInfo(layout, pass.layout),
    callbackOptions: options.callbackUrl === null ? null : { url: options.callbackUrl },
    appLinkData: appLinkOf(source),
  });
}

/** What all kinds but the generic one add. */
export function issuedClassMembers(source: Source, vertical: GoogleVertical): Partial<GoogleTypes["LoyaltyClass"]> {
  const { pass, texts, image, templatePictures, options } = source;
  const issuer = texts.of(pass.organizationName);
  return present({
    issuerName: issuer.plain,
    localizedIssuerName: issuer.localized,
    // Google approves at once, and wants to be asked again with every update.
    reviewStatus: "UNDER_REVIEW" as const,
    hexBackgroundColor: objectColors.has(vertical) ? null : pass.colors.background,
    heroImage: image(templatePictures.hero),
    homepageUri:
      options.homepageUrl === null
        ? null
        : present({ uri: options.homepageUrl, description: issuer.plain, localizedDescription: issuer.localized }),
  });
}

/** A link that leads into an app everywhere is a button; other schemes lead nowhere on Android. */
function appLinkOf({ pass }: Source): GoogleTypes["AppLinkData"] | null {
  const url = pass.appLaunchUrl;
  if (url === null || !isWebLink(url)) return null;
  return { webAppLinkInfo: { appTarget: { targetUri: { uri: url } } } };
}

export const isWebLink = (url: string): boolean => /^https:\/\/[^\s]+$/i.test(url) && URL.canParse(url);
