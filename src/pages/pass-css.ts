/** Styles of the drawn pass. Sizes are points of a 340 pt wide card, so a `zoom` scales all of it. */
export const passCss = `
.pass-pair { display: flex; flex-wrap: wrap; gap: 28px; justify-content: center; align-items: flex-start; }
.pass, .pass-back { box-sizing: border-box; width: 340px; max-width: 100%; min-height: 460px; margin: 0; text-align: left;
  font: 400 15px/1.25 -apple-system, BlinkMacSystemFont, "SF Pro Text", "Segoe UI", Roboto, "Helvetica Neue", Arial, "Noto Sans", sans-serif; }
.pass[dir=rtl], .pass-back[dir=rtl] { text-align: right; }
.pass *, .pass-back * { box-sizing: border-box; }
:where(.pass, .pass-back) p, :where(.pass, .pass-back) dl, :where(.pass, .pass-back) dd, :where(.pass, .pass-back) figure { margin: 0; max-width: none; }
.pass img, .pass-back img { display: block; border: 0; }

.pass { position: relative; display: flex; color: var(--pass-fg); filter: drop-shadow(0 1px 1px rgb(0 0 0 / .14)) drop-shadow(0 8px 18px rgb(0 0 0 / .16)); }
.pass-paper { position: relative; isolation: isolate; overflow: hidden; display: flex; flex-direction: column; flex: 1; min-width: 0;
  padding-bottom: 16px; border-radius: 12px; background: var(--pass-bg); }
.pass-backdrop { position: absolute; inset: -24px; z-index: -1; width: calc(100% + 48px); height: calc(100% + 48px); object-fit: cover; filter: blur(14px) brightness(.82); }

.style-boardingPass .pass-paper { --notch: radial-gradient(circle 7px at 0 150px, #0000 96%, #000), radial-gradient(circle 7px at 100% 150px, #0000 96%, #000);
  -webkit-mask: var(--notch); -webkit-mask-composite: source-in; mask: var(--notch); mask-composite: intersect; }
.style-eventTicket .pass-paper { padding-top: 8px; -webkit-mask: radial-gradient(circle 28px at 50% -14px, #0000 97%, #000); mask: radial-gradient(circle 28px at 50% -14px, #0000 97%, #000); }
.style-coupon .pass-paper { padding: 5px 0 20px; border-radius: 0;
  --teeth: conic-gradient(from 135deg at top, #0000, #000 1deg 89deg, #0000 90deg) top / 8.5px 51% repeat-x, conic-gradient(from -45deg at bottom, #0000, #000 1deg 89deg, #0000 90deg) bottom / 8.5px 51% repeat-x;
  -webkit-mask: var(--teeth); mask: var(--teeth); }

.pass-head { display: flex; align-items: center; gap: 10px; height: 62px; flex: none; padding: 4px 16px 0; }
.pass-logo { flex: 0 1 auto; width: auto; height: auto; max-width: 150px; max-height: 40px; min-width: 0; object-fit: contain; }
.pass-logo-text { flex: 1 1 0; min-width: 0; font-size: 17px; font-weight: 600; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.pass-head-fields { display: flex; flex: 0 1 auto; gap: 14px; min-width: 0; max-width: 62%; text-align: right; }
.pass[dir=rtl] .pass-head-fields { text-align: left; }

.pass-field { min-width: 0; flex: 0 1 auto; }
.pass-field.is-long { flex-shrink: 20; }
.pass-field dt { color: var(--pass-label); font-size: 10.5px; font-weight: 600; letter-spacing: .03em; line-height: 1.3; text-transform: uppercase; }
.pass-field dt, .pass-field dd { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.pass-field.has-label-below { display: flex; flex-direction: column-reverse; }
.pass-row dt, .pass-head-fields dt { min-height: 1.3em; }
.pass-row { display: flex; justify-content: space-between; gap: 14px; padding: 0 16px; margin-top: 12px; flex: none; }
.pass-row dd { min-height: 1.25em; }
.align-left { text-align: left; } .align-center { text-align: center; } .align-right { text-align: right; }
.pass-primary { min-width: 0; }
.pass-primary dd { line-height: 1.12; font-weight: 300; }
.pass-primary .pass-field { text-align: inherit; }

.pass-journey { display: grid; grid-template-columns: minmax(0, 1fr) 32px minmax(0, 1fr); gap: 10px; align-items: end; height: 80px; flex: none; padding: 0 16px 4px; margin-bottom: 10px; }
.pass-journey > :last-child:not(svg) { text-align: right; }
.pass[dir=rtl] .pass-journey > :last-child { text-align: left; }
.pass-transit { width: 32px; height: 32px; margin-bottom: 10px; color: var(--pass-label); }
.pass[dir=rtl] .pass-transit { transform: scaleX(-1); }

.pass-strip { position: relative; display: flex; align-items: center; flex: none; height: 131px; padding: 0 16px; margin-bottom: 4px; }
.style-eventTicket .pass-strip { height: 98px; }
.pass-strip.is-bare { height: 96px; }
.pass-strip img { position: absolute; inset: 0; z-index: -1; width: 100%; height: 100%; object-fit: cover; }
.pass-strip .pass-primary dt { font-size: 14px; text-transform: none; letter-spacing: 0; }
.pass-strip:not(.is-bare) .pass-primary { text-shadow: 0 0 10px rgb(0 0 0 / .12); }

.pass-person { display: flex; gap: 14px; justify-content: space-between; min-height: 98px; flex: none; padding: 4px 16px 0; }
.pass-person-text { flex: 1 1 0; min-width: 0; }
.pass-person-text .pass-row { padding: 0; }
.pass-thumbnail { flex: none; width: auto; height: auto; max-width: 90px; max-height: 90px; border-radius: 4px; }
.style-generic .pass-primary { padding-top: 8px; }
.style-generic .pass-primary dt { font-size: 12px; }
.style-generic .pass-primary dd, .style-eventTicket .pass-primary dd { font-weight: 400; }

.pass-foot { display: flex; flex-direction: column; align-items: center; gap: 10px; margin-top: auto; padding: 18px 16px 0; }
.pass-footer { max-width: 286px; max-height: 15px; object-fit: contain; }
.pass-code { max-width: 100%; padding: 5px; border-radius: 8px; background: #fff; color: #1c1c1e; text-align: center; }
.pass-code svg { display: block; width: 100%; height: auto; }
.pass-code.is-square { width: 156px; }
.pass-code.format-qr > div { margin: -5px -5px -9px; }
.pass-code.format-qr > div:last-child { margin-bottom: -5px; }
.pass-code.is-square svg { border-radius: 8px; }
.pass-code.is-wide > div { width: 286px; max-width: 100%; }
.pass-code.is-wide svg { max-height: 92px; }
.pass-code figcaption { max-width: 286px; padding: 1px 6px 2px; font-size: 12px; line-height: 1.3; overflow-wrap: anywhere; }
.pass-code-missing { max-width: 220px; padding: 18px 14px; font-size: 13px; color: #6c6c70; }

.state-voided .pass-paper, .state-expired .pass-paper { filter: grayscale(.92); }
.state-voided .pass-paper::after, .state-expired .pass-paper::after { content: ""; position: absolute; inset: 0; background: rgb(242 242 245 / .58); }
.pass-stamp { position: absolute; top: 50%; left: 50%; max-width: 88%; padding: 6px 20px; border: 3px solid #c62828; border-radius: 10px; background: rgb(255 255 255 / .9);
  color: #c62828; font-size: 32px; font-weight: 700; letter-spacing: .06em; text-transform: uppercase; transform: translate(-50%, -50%) rotate(-12deg); }
.pass[dir=rtl] .pass-stamp { letter-spacing: 0; }

.pass-back { display: flex; flex-direction: column; gap: 12px; padding: 16px; border-radius: 12px; background: #f2f2f7; color: #1c1c1e;
  filter: drop-shadow(0 1px 1px rgb(0 0 0 / .14)) drop-shadow(0 8px 18px rgb(0 0 0 / .16)); }
.pass-back-head { display: flex; align-items: center; gap: 12px; min-width: 0; }
.pass-back-head img { flex: none; border-radius: 9px; object-fit: cover; }
.pass-back-head > div { min-width: 0; }
.pass-back-name { font-weight: 600; overflow-wrap: anywhere; }
.pass-back-description { color: #6c6c70; font-size: 13px; overflow-wrap: anywhere; }
.pass-back-empty { padding: 14px; border-radius: 10px; background: #fff; color: #6c6c70; }
.pass-back-fields { padding: 0 14px; border-radius: 10px; background: #fff; }
.pass-back-fields > div { padding: 10px 0 11px; }
.pass-back-fields > div + div { border-top: 1px solid #e5e5ea; }
.pass-back-fields dt { color: #6c6c70; font-size: 13px; }
.pass-back-fields dd { overflow-wrap: anywhere; white-space: pre-line; }
.pass-back-fields a { color: #0066cc; text-decoration: none; }
.pass-back-fields a:hover { text-decoration: underline; }
@media (max-width: 740px) { .pass-back { min-height: 0; } }
`;
