import { idPattern } from "../../db/ids";

/** Names of an image's objects in R2, under the tenant's code. The id is an HMAC of the content, so no path can be guessed. */

export const isImageId = (text: string): boolean => idPattern("img").test(text);

/** The picture as PNG. */
export const imageKey = (tenantCode: string, id: string): string => `${tenantCode}/images/${id}.png`;

/** What was sent, if it was no PNG. */
export const originalKey = (tenantCode: string, id: string): string => `${tenantCode}/images/${id}/original`;

/** A derived picture: `logo@2x`. */
export const variantKey = (tenantCode: string, id: string, variant: string): string =>
  `${tenantCode}/images/${id}/${variant}.png`;

/** Begins the names of everything that was derived, and of the original. */
export const variantPrefix = (tenantCode: string, id: string): string => `${tenantCode}/images/${id}/`;

/** The path alone: a page shows its pictures under whatever name it was opened. */
export const imagePath = (tenantCode: string, id: string, variant: string | null = null): string =>
  variant === null ? `/images/${tenantCode}/${id}.png` : `/images/${tenantCode}/${id}/${variant}.png`;
