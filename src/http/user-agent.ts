/** Phones and tablets that have Google Wallet, and not Apple's. */
export const isAndroid = (userAgent: string): boolean => /\bAndroid\b/.test(userAgent);

/**
 * Whether the agent takes a `.pkpass` straight into Wallet: Safari's networking on an iPhone, iPod or Watch,
 * or Wallet itself. iPadOS calls itself a Mac, and in-app browsers show the file as text, so both get the page.
 */
export function takesPkpass(userAgent: string): boolean {
  if (/\b(passd|PassKit|Wallet)\//.test(userAgent)) return true;
  const phone = /\((iPhone|iPod)[^)]*\)/.test(userAgent);
  const safari = /Version\/[\d.]+.*Safari\//.test(userAgent);
  const otherApp = /\b(CriOS|FxiOS|EdgiOS|OPiOS|GSA|FBAN|FBAV|Instagram|Line|MicroMessenger|DuckDuckGo)\b/.test(
    userAgent,
  );
  return phone && safari && !otherApp;
}
