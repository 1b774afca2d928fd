import { present } from "../present";
import type { VerticalProjection } from "../vertical";

/** Google, OfferClass and OfferObject. Every pass has what it demands. */
export const offer: VerticalProjection<"offer"> = {
  needs: [],
  headKeys: () => [],
  class: ({ pass, texts, templatePictures, image }) => {
    const title = texts.of(pass.description);
    const short = pass.logoText ? texts.of(pass.logoText) : null;
    const provider = texts.of(pass.organizationName);
    return present({
      title: title.plain,
      localizedTitle: title.localized,
      shortTitle: short?.plain,
      localizedShortTitle: short?.localized,
      provider: provider.plain,
      localizedProvider: provider.localized,
      redemptionChannel: "BOTH" as const,
      titleImage: image(templatePictures.logo),
      wideTitleImage: image(templatePictures.wideLogo),
    });
  },
  object: () => ({}),
};
