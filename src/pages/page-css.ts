/** The frame around everything that people see in a browser. */
export const pageCss = `
:root { color-scheme: light dark; --page: #f5f5f2; --ink: #1c1c1e; --quiet: #5f5f66; --line: #dcdcd8; --panel: #fff; --accent: #1d5f4d; --on-accent: #fff; --warn: #8a2b1d; --warn-panel: #fdf0ec; }
@media (prefers-color-scheme: dark) {
  :root { --page: #161618; --ink: #f2f2f4; --quiet: #a4a4ab; --line: #34343a; --panel: #202024; --accent: #8fd6bf; --on-accent: #10231d; --warn: #ffb4a4; --warn-panel: #38211c; }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body { margin: 0; min-height: 100vh; display: flex; flex-direction: column; background: var(--page); color: var(--ink);
  font: 400 17px/1.5 -apple-system, BlinkMacSystemFont, "Segoe UI", Roboto, "Helvetica Neue", Arial, "Noto Sans", sans-serif; }
main { width: 100%; max-width: 980px; margin: 0 auto; padding: 40px 16px 56px; flex: 1; }
main.is-text { max-width: 640px; padding-top: 12vh; }
h1 { margin: 0 0 12px; font-size: 32px; line-height: 1.15; letter-spacing: -.015em; text-wrap: balance; overflow-wrap: anywhere; }
h2 { margin: 56px 0 6px; font-size: 21px; line-height: 1.25; letter-spacing: -.01em; }
p { margin: 0 0 14px; max-width: 62ch; }
a { color: var(--accent); text-underline-offset: .18em; }
code, pre { font-family: ui-monospace, "SF Mono", Menlo, Consolas, monospace; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 3px; border-radius: 6px; }
.quiet { color: var(--quiet); }
.actions { display: flex; flex-wrap: wrap; gap: 12px; justify-content: center; margin: 32px 0 0; }
.button { display: inline-block; min-width: 240px; padding: 14px 24px; border-radius: 14px; background: var(--ink); color: var(--page); font-weight: 600; line-height: 1.2; text-align: center; text-decoration: none; }
.button:hover { opacity: .88; }
.hints { max-width: 560px; margin: 24px auto 0; padding: 0; list-style: none; color: var(--quiet); font-size: 15px; text-align: center; }
.hints li + li { margin-top: 6px; }
.notice { max-width: 560px; margin: 0 auto 28px; padding: 12px 18px; border-radius: 12px; background: var(--warn-panel); color: var(--warn); text-align: center; }
.kicker { margin: 0 0 10px; color: var(--quiet); font-size: 14px; font-weight: 600; letter-spacing: .02em; }
`;
