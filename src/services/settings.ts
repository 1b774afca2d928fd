/** What routes need of the pass model's formats for settings of a tenant. */
export { isLanguageTag, isTimeZone } from "../pass-model/scalars";
