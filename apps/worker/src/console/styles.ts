/** The console's only style sheet. No font or picture comes with it. */
export const styles = `:root {
  --ink: #1b1b1b;
  --pale: #565c65;
  --edge: #c6cace;
  --field: #71767a;
  --ground: #f5f6f7;
  --link: #1a4f8b;
  --danger: #a1261b;
  color: var(--ink);
  background: var(--ground);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
}
* { box-sizing: border-box; }
body { margin: 0; overflow-wrap: anywhere; -webkit-text-size-adjust: 100%; }
a { color: var(--link); text-underline-offset: 0.15em; }
:focus-visible { outline: 3px solid #2491ff; outline-offset: 2px; }
main:focus { outline: none; }
.skip { position: absolute; left: -999rem; background: #fff; padding: 0.75rem 1rem; }
.skip:focus { left: 0.5rem; top: 0.5rem; z-index: 1; }
.top, nav, main { padding: 0 1rem; }
.top {
  align-items: center; background: #14263d; color: #fff; display: flex; flex-wrap: wrap; gap: 0.25rem 1rem;
  justify-content: space-between; min-height: 3.5rem;
}
.name { font-weight: 700; margin: 0; }
.name span { font-weight: 400; }
.account { align-items: center; display: flex; flex-wrap: wrap; gap: 0.25rem 0.75rem; padding: 0.25rem 0; }
nav { background: #fff; border-bottom: 1px solid var(--edge); }
nav ul { display: flex; flex-wrap: wrap; gap: 0 0.25rem; list-style: none; margin: 0; padding: 0; }
nav a {
  border-bottom: 3px solid transparent; color: var(--ink); display: block; padding: 0.6rem 0.75rem 0.45rem;
  text-decoration: none;
}
nav a:hover { border-bottom-color: var(--edge); }
nav a[aria-current] { border-bottom-color: var(--link); color: var(--link); font-weight: 600; }
main { margin: 0 auto; max-width: 90rem; padding-bottom: 4rem; padding-top: 1rem; }
.heading { align-items: baseline; display: flex; flex-wrap: wrap; gap: 0 1.5rem; justify-content: space-between; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0.5rem 0; }
h2 { font-size: 1.125rem; margin: 2rem 0 0.5rem; }
p { margin: 0.75rem 0; max-width: 48rem; }
.refresh { color: var(--pale); font-size: 0.875rem; margin: 0.25rem 0; }
.notice { background: #e7f2e4; border-left: 4px solid #3a7d2c; margin: 0 0 1rem; padding: 0.75rem 1rem; }
.notice.idle { background: #fff4d6; border-left-color: #8a6100; }
.problem { background: #fbeae8; border-left: 4px solid var(--danger); padding: 0.75rem 1rem; }
.scroll { background: #fff; border: 1px solid var(--edge); border-radius: 0.375rem; overflow-x: auto; }
table { border-collapse: collapse; font-size: 0.875rem; width: 100%; }
th, td { border-bottom: 1px solid #e3e6e9; padding: 0.5rem 0.625rem; text-align: left; vertical-align: top; }
tbody tr:last-child td { border-bottom: 0; }
tbody tr:hover { background: #f3f7fb; }
th { background: #f5f6f7; font-weight: 600; white-space: nowrap; }
td { overflow-wrap: normal; }
.number { font-variant-numeric: tabular-nums; text-align: right; }
time { font-variant-numeric: tabular-nums; white-space: nowrap; }
.id, .plain { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: 0.8125rem; }
td .id { white-space: nowrap; }
.plain { overflow-wrap: anywhere; }
.ago, .none { color: var(--pale); white-space: nowrap; }
.bad { color: var(--danger); font-weight: 600; }
.unseen { clip-path: inset(50%); height: 1px; overflow: hidden; position: absolute; width: 1px; }
.facts { background: #fff; border: 1px solid var(--edge); border-radius: 0.375rem; margin: 0; padding: 0.25rem 1rem; }
.facts div { border-bottom: 1px solid #e3e6e9; display: grid; gap: 0 1rem; grid-template-columns: 14rem 1fr; padding: 0.4rem 0; }
.facts div:last-child { border-bottom: 0; }
dt { color: var(--pale); }
dd { margin: 0; }
label { display: block; font-weight: 600; }
label input, label select, label textarea { display: block; }
input:not([type="checkbox"]), select, textarea {
  background: #fff; border: 1px solid var(--field); border-radius: 0.25rem; color: inherit; font: inherit; font-weight: 400;
  margin-top: 0.25rem; max-width: 100%; min-height: 2.5rem; padding: 0.35rem 0.5rem;
}
input[type="checkbox"] { display: block; height: 1.5rem; margin: 0; width: 1.5rem; }
.asked { align-items: end; display: flex; flex-wrap: wrap; gap: 0.75rem 1rem; margin: 0.75rem 0 1rem; }
.asked input { width: 16rem; }
.sheet { background: #fff; border: 1px solid var(--edge); border-radius: 0.375rem; max-width: 28rem; padding: 0.5rem 1.25rem 1.25rem; }
.sheet label { margin: 0.75rem 0; }
.sheet input { width: 100%; }
.wide { max-width: 48rem; }
.wide textarea { min-height: 5rem; width: 100%; }
.button {
  background: var(--link); border: 1px solid var(--link); border-radius: 0.25rem; color: #fff; cursor: pointer;
  display: inline-block; font: inherit; font-weight: 600; line-height: 1.4; min-height: 2.5rem; padding: 0.45rem 1rem;
  text-decoration: none;
}
.button:hover { background: #123a67; color: #fff; }
.quiet { background: #fff; color: var(--link); }
.quiet:hover { background: #e8eff7; color: var(--link); }
.refresh .quiet, .account .quiet { min-height: 2rem; padding: 0.15rem 0.75rem; }
.danger { background: var(--danger); border-color: var(--danger); }
.danger:hover { background: #7d1c14; }
.actions, .paging { display: flex; flex-wrap: wrap; gap: 0.5rem; margin: 1rem 0; }
@media (max-width: 40rem) {
  .scroll, table, tbody, tr, td { display: block; }
  thead { clip-path: inset(50%); height: 1px; overflow: hidden; position: absolute; width: 1px; }
  tr { border-bottom: 1px solid var(--edge); padding: 0.5rem 0; }
  tbody tr:last-child { border-bottom: 0; }
  td, tbody tr:last-child td {
    border: 0; display: grid; gap: 0 0.75rem; grid-template-columns: 7rem 1fr; overflow-wrap: anywhere;
    padding: 0.15rem 0.75rem; text-align: left;
  }
  tbody td.number { text-align: left; }
  td::before { color: var(--pale); content: attr(data-label); }
  td .id, td time { white-space: normal; }
  .facts div { grid-template-columns: 1fr; }
  .asked input { width: 100%; }
  .asked label { width: 100%; }
  .asked select { width: 100%; }
}
@media print { .top, nav, .refresh, .actions, .paging { display: none; } }
`
