/** Styles of the drawn card. Every colour on it is worked out from the issuer's one. */
export const cardCss = `
.wcard, .wcard * { box-sizing: border-box; }
.wcard { position: relative; width: 100%; max-width: 372px; margin: 0 auto; overflow: hidden; border-radius: 24px; background: var(--card); color: var(--on-card); text-align: start;
  font: 400 15px/1.35 "Google Sans Text", "Google Sans", Roboto, -apple-system, BlinkMacSystemFont, "Segoe UI", "Helvetica Neue", Arial, "Noto Sans", sans-serif;
  box-shadow: 0 0 0 1px rgb(0 0 0 / .06), 0 1px 3px rgb(0 0 0 / .16), 0 10px 28px -8px rgb(0 0 0 / .28); }
:where(.wcard) p, :where(.wcard) dl, :where(.wcard) dd, :where(.wcard) figure, :where(.wcard) h2 { margin: 0; max-width: none; }
.wcard img { display: block; border: 0; }
.wcard a { color: inherit; }

.wcard-head { display: flex; align-items: center; gap: 12px; min-height: 64px; padding: 12px 18px; border-bottom: 1px solid color-mix(in srgb, var(--on-card) 18%, transparent); }
.wlogo { flex: none; width: 40px; height: 40px; border-radius: 50%; object-fit: cover; background: #fff; box-shadow: 0 0 0 1px rgb(0 0 0 / .1); }
.wlogo.is-letter { display: grid; place-items: center; background: var(--on-card, #5f6368); color: var(--card, #fff); font-size: 19px; font-weight: 500; }
.wcard-wide-logo { flex: 0 1 auto; min-width: 0; max-width: 240px; max-height: 40px; object-fit: contain; object-position: left; }
.wcard-issuer { flex: 1 1 0; min-width: 0; font-size: 16px; font-weight: 500; overflow-wrap: anywhere; }
.wcard-state { flex: none; margin-inline-start: auto !important; padding: 4px 12px; border-radius: 99px; background: #fff; color: #b3261e; font-size: 13px; font-weight: 600; box-shadow: 0 0 0 1px rgb(0 0 0 / .12); }

.wcard-body { display: flex; flex-direction: column; gap: 16px; padding: 18px 18px 22px; }
.wcard-title h2 { font-size: 23px; font-weight: 400; line-height: 1.22; letter-spacing: 0; overflow-wrap: anywhere; text-wrap: balance; }
.wcard-overline, .wcard-caption { font-size: 14px; overflow-wrap: anywhere; }
.wcard-title.is-hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

.wcard-journey { display: grid; grid-template-columns: minmax(0, 1fr) 26px minmax(0, 1fr); gap: 12px; align-items: end; }
.wcard-place > * { display: block; overflow-wrap: anywhere; }
.wcard-place:last-child:not(:first-child) { text-align: end; }
.wcard-place-name { font-size: 13px; }
.wcard-place strong { font-size: 38px; font-weight: 400; line-height: 1.1; }
.wcard-place strong.is-name { font-size: 22px; line-height: 1.2; }
.wcard-journey .pass-transit { width: 26px; height: 26px; margin-bottom: 8px; }
[dir=rtl] .wcard-journey .pass-transit { transform: scaleX(-1); }

.wcard-row { display: grid; grid-template-columns: repeat(auto-fit, minmax(0, 1fr)); gap: 12px; }
.wcard-row.has-2 { grid-template-columns: repeat(2, minmax(0, 1fr)); }
.wcard-row.has-3 { grid-template-columns: repeat(3, minmax(0, 1fr)); }
.wcard-row > div { min-width: 0; }
.wcard-row.has-2 > :last-child, .wcard-row.has-3 > :last-child { text-align: end; }
.wcard-row.has-3 > :nth-child(2) { text-align: center; }
.wcard-row dt { min-height: 1.35em; font-size: 12.5px; font-weight: 500; overflow-wrap: anywhere; }
.wcard-row dd { font-size: 16px; overflow-wrap: anywhere; }
.wcard [dir=auto] { text-align: -webkit-match-parent; text-align: match-parent; }

.wcard-code-section { display: flex; flex-direction: column; gap: 12px; align-items: center; padding-top: 4px; }
.wcard-code-section > .wcard-row { width: 100%; }
.wcard-code { max-width: 100%; overflow: hidden; padding: 10px; border-radius: 16px; background: #fff; color: #1f1f1f; text-align: center; }
.wcard-code svg { display: block; width: 100%; height: auto; }
.wcard-code.is-square { width: 196px; }
.wcard-code.format-qr > div { margin: -6px; }
.wcard-code.format-qr > div:not(:last-child) { margin-bottom: -8px; }
.wcard-code.is-wide > div { width: 300px; max-width: 100%; }
.wcard-code.is-wide svg { max-height: 110px; }
.wcard-code figcaption { padding: 4px 4px 0; font-size: 13px; line-height: 1.35; overflow-wrap: anywhere; }
.wcard-code figcaption.is-alone { padding: 2px 10px; font-size: 18px; letter-spacing: .04em; }
.wcard-code-missing { padding: 18px 14px; font-size: 14px; color: #444746; }
.wcard-rotation { font-size: 12.5px; text-align: center; }
.wcard-hero { width: 100%; aspect-ratio: 1032 / 336; object-fit: cover; }

.wcard:not(.is-active) .wcard-body, .wcard:not(.is-active) .wcard-hero, .wcard:not(.is-active) .wlogo, .wcard:not(.is-active) .wcard-wide-logo { filter: grayscale(1); }
.wcard:not(.is-active) { --card: #e3e5e8 !important; --on-card: #474a4d !important; }
.wcard:not(.is-active) .wcard-code > div, .wcard:not(.is-active) .wcard-hero { opacity: .35; }

@media (prefers-color-scheme: dark) {
  .wcard { box-shadow: 0 0 0 1px rgb(255 255 255 / .12), 0 10px 28px -8px rgb(0 0 0 / .7); }
}
`;
