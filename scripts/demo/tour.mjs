import { demoTemplates } from "../seed/templates.mjs";
import { apiTour } from "./api-tour.mjs";
import { certificateTour } from "./certificate-tour.mjs";
import { googleTour } from "./google-tour.mjs";
import { createPhone } from "./phone.mjs";
import { phoneTour } from "./phone-tour.mjs";
import { pictureTour } from "./picture-tour.mjs";
import { trustTour } from "./trust-tour.mjs";

/** The tour: each part makes what it shows, and tidies up. */
export async function tour(api, narrator, folder) {
  const [coffee] = demoTemplates();
  await apiTour(api, narrator, folder, coffee);
  await trustTour(api, narrator, coffee);
  const { values } = coffee.pass;
  const template = await pictureTour(api, narrator, folder, coffee);
  const phone = await createPhone(api, narrator);
  await phoneTour(api, narrator, phone, { template, values });
  await googleTour(api, narrator, coffee);
  await certificateTour(api, narrator, phone, { template: coffee.template, values });
}
