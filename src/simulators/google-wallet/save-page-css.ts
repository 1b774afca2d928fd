/** Styles of the page around the card. */
export const savePageCss = `
:root { --good: #0d652d; --good-panel: #e3f3e7; --lock: linear-gradient(160deg, #27364f, #46365c 60%, #6d4257); }
@media (prefers-color-scheme: dark) { :root { --good: #8fd6a4; --good-panel: #1b3324; } }
main.is-text { padding-top: 40px; }
.simulator-bar { display: flex; flex-wrap: wrap; gap: 2px 14px; align-items: baseline; margin: -16px 0 32px; padding: 12px 18px; border: 1px dashed var(--quiet); border-radius: 14px; }
.simulator-bar h1 { margin: 0; font-size: 17px; letter-spacing: 0; }
.simulator-bar p { margin: 0; max-width: none; color: var(--quiet); font-size: 14px; }

.save-page { display: grid; grid-template-columns: minmax(0, 1fr); gap: 32px; align-items: start; }
@media (min-width: 820px) { .save-page { grid-template-columns: minmax(0, 372px) minmax(0, 1fr); gap: 40px; } }
.save-panels { display: grid; gap: 20px; min-width: 0; }

.save-form { display: grid; justify-items: center; gap: 12px; margin: 22px auto 0; max-width: 372px; }
.save-form p { margin: 0; }
.save-form .button { width: 100%; min-width: 0; border: 0; border-radius: 99px; font: inherit; font-weight: 600; line-height: 1.2; cursor: pointer; }
.save-form .button.is-quiet { border: 1px solid var(--quiet); background: none; color: var(--ink); }
.save-status { padding: 4px 14px; border-radius: 99px; background: var(--line); font-size: 14px; font-weight: 600; }
.save-status.is-saved { background: var(--good-panel); color: var(--good); }
.save-id { max-width: 100%; color: var(--quiet); font-size: 11.5px; overflow-wrap: anywhere; text-align: center; }

.panel { min-width: 0; padding: 18px 20px; border: 1px solid var(--line); border-radius: 20px; background: var(--panel); }
.panel h2 { margin: 0 0 10px; font-size: 17px; letter-spacing: 0; }
.panel h3 { margin: 0 0 2px; font-size: 15px; }
.panel p { margin: 0; max-width: none; overflow-wrap: anywhere; }
.panel ol, .panel ul { margin: 0; padding: 0; list-style: none; }
.details { margin: 0; }
.details > div { padding: 9px 0; border-top: 1px solid var(--line); }
.details > div:first-child { border-top: 0; padding-top: 0; }
.details > div:last-child { padding-bottom: 0; }
.details dt { color: var(--quiet); font-size: 13.5px; }
.details dd { margin: 0; white-space: pre-line; overflow-wrap: anywhere; }
.panel [dir=auto], .panel [dir=ltr] { text-align: -webkit-match-parent; text-align: match-parent; }
.message { margin-bottom: 12px; padding: 12px 14px; border-radius: 14px; background: var(--page); }
.message p { white-space: pre-line; }
.detail-image { display: block; width: 100%; max-width: 380px; margin-top: 14px; border-radius: 14px; }
.links, .locations { margin-top: 14px; padding-top: 12px; border-top: 1px solid var(--line); }
.links li, .callbacks li + li { margin-top: 6px; overflow-wrap: anywhere; }
.locations li { color: var(--quiet); font-size: 14px; font-variant-numeric: tabular-nums; }

.lock-screen { background: #2b3348; background-image: var(--lock); color: #fff; border-color: #0000; }
.lock-screen .quiet { color: #e3e6ee; }
.lock-screen li { display: flex; gap: 12px; padding: 12px 14px; border-radius: 18px; background: #f7f8fb; color: #1f1f1f; }
.lock-screen li + li { margin-top: 8px; }
.lock-screen li > div { min-width: 0; font-size: 15px; line-height: 1.4; }
.lock-screen .lock-meta { color: #50555c; font-size: 12.5px; }
.lock-header { font-weight: 600; }
.lock-screen .wlogo { width: 36px; height: 36px; }
.lock-screen .wlogo.is-letter { background: #3c4a66; color: #fff; }

.panel time { unicode-bidi: isolate; }
.callbacks code { font-weight: 600; }
.callbacks time { color: var(--quiet); font-size: 14px; }
.callback-url { color: var(--quiet); font-size: 13px; }
.outcome { display: inline-block; padding: 0 10px; border-radius: 99px; font-size: 13.5px; font-weight: 600; }
.outcome.is-good { background: var(--good-panel); color: var(--good); }
.outcome.is-bad { background: var(--warn-panel); color: var(--warn); }

.save-fault h2 { margin: 0 0 8px; font-size: 28px; }
.save-fault-detail { padding: 14px 16px; border-radius: 14px; background: var(--panel); border: 1px solid var(--line); font-size: 14px; white-space: pre-wrap; overflow-wrap: anywhere; }
`;
