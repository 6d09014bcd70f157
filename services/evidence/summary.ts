import { bars, columns, shown } from './chart.ts';
import type { Control, Framework } from './controls/control.ts';
import { MEASURES } from './controls/measures.ts';
import type { Counts } from './events.ts';
import type { Asked } from './manifest.ts';
import type { Request } from './request.ts';

export interface Summary {
  readonly framework: Framework;
  readonly request: Request;
  readonly version: string;
  readonly counts: Counts;
  readonly asked: readonly Asked[];
  readonly fingerprint: string;
  readonly trees: readonly { readonly partition: number; readonly size: number; readonly lines: number }[];
}

/** One page for people: no script, nothing from elsewhere, printable in black on white. */
export function summaryHtml(summary: Summary): string {
  const { framework, request, counts } = summary;
  const byDay = [...counts.byDay].sort(([a], [b]) => (a < b ? -1 : 1));
  const body = [
    `<h1>${shown(framework.title)}</h1>`,
    `<p class="lead">What the audit trail of AI tools shows from ${shown(request.from)} to ${shown(request.to)}.
Whether a control is satisfied is not stated here: no log shows it alone.</p>`,
    facts(summary),
    '<h2>Events</h2>',
    columns('Events a day', byDay),
    bars('By action', counts.byAction),
    bars('By outcome', counts.byOutcome),
    bars('By how surely it is known who acted', counts.byConfidence),
    '<h2>Controls</h2>',
    ...framework.controls.map((control) => controlHtml(control, summary.asked)),
    '<h2>Verifying</h2>',
    `<p>Compare the fingerprint above with the one the operator published, then run
<code>node verify.mjs FOLDER --key FINGERPRINT --ledger FINGERPRINT</code> in the unpacked bundle. README.txt says what is checked.</p>`,
  ];
  const head = `<meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`;
  return `<!doctype html>
<html lang="en"><head>${head}<title>${shown(framework.title)}, ${shown(request.from)} to ${shown(request.to)}</title><style>${STYLE}</style></head>
<body><main>
${body.filter((part) => part !== '').join('\n')}
</main></body></html>
`;
}

function facts({ request, version, counts, fingerprint, trees }: Summary): string {
  const sealed = trees.map(
    ({ partition, size, lines }) => `partition ${partition}: ${lines} leaves shown of ${size} signed`,
  );
  const rows: readonly (readonly [string, string])[] = [
    ['Asked by', `${request.operator} (${request.role}), ${request.asked_at}`],
    ['Purpose', request.purpose],
    ['Scope', request.scope === '' ? 'everything' : request.scope],
    ['Profile', request.profile === 'full' ? 'full: personal data in clear' : 'masked: personal data as keyed tokens'],
    ['Events', `${counts.events}, of which ${counts.erased} are erased`],
    ['Signed tree', sealed.length === 0 ? 'no event in the window' : sealed.join('; ')],
    ['Times', 'UTC'],
    ['Extractor', `trailhouse ${version}`],
    ['Signed by', fingerprint],
  ];
  return table(
    ['', ''],
    rows.map(([name, value]) => [`<strong>${name}</strong>`, shown(value)]),
  );
}

function controlHtml({ id, citation, title, questions, unmeasured }: Control, asked: readonly Asked[]): string {
  const rows = questions.map((name) => {
    const found = asked.find(({ question }) => question === name);
    return [`<code>${shown(found?.path ?? name)}</code>`, shown(MEASURES[name]?.row ?? ''), String(found?.rows ?? '')];
  });
  const measured =
    rows.length === 0 ? '<p><strong>Not measured.</strong></p>' : table(['Rows in', 'A row is', 'Rows'], rows);
  return `<section><h3>${shown(id)} ${shown(title)}</h3><p class="cite">${shown(citation)}</p>${measured}
<p>Not measured: ${shown(unmeasured)}</p></section>`;
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const head = heads.some((name) => name !== '')
    ? `<thead><tr>${heads.map((name) => `<th>${name}</th>`).join('')}</tr></thead>`
    : '';
  const body = rows.map((cells) => `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`).join('');
  return `<div class="scroll"><table>${head}<tbody>${body}</tbody></table></div>`;
}

const STYLE = `
:root{color-scheme:light dark;--ink:#1b1f24;--soft:#57606a;--line:#d0d7de;--bar:#2f6f9f;--paper:#fff}
@media (prefers-color-scheme:dark){:root{--ink:#e6edf3;--soft:#9aa4ae;--line:#3d444d;--bar:#6cb6e8;--paper:#0d1117}}
@media print{:root{--ink:#000;--soft:#333;--line:#999;--bar:#444;--paper:#fff}section,figure,tr{break-inside:avoid}h2{break-after:avoid}}
body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,sans-serif}
main{max-width:52rem;margin:0 auto;padding:2rem 1.25rem}
h1{font-size:1.7rem;margin:0}h2{font-size:1.25rem;margin:2.2rem 0 .6rem;border-bottom:1px solid var(--line)}h3{font-size:1rem;margin:1.4rem 0 0}
.lead,.cite,figcaption{color:var(--soft)}.cite{margin:0 0 .4rem;font-size:.85rem}
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%}td,th{text-align:left;vertical-align:top;padding:.3rem .6rem .3rem 0;border-bottom:1px solid var(--line);overflow-wrap:anywhere}
th{white-space:nowrap}:is(td,th):last-child:not(:nth-child(2)){text-align:right;font-variant-numeric:tabular-nums}td:first-child{min-width:9rem}
code{font:.85em ui-monospace,monospace}figure{margin:1rem 0}svg{width:100%;height:auto}rect{fill:var(--bar)}text{fill:var(--ink);font:12px system-ui,sans-serif}
`;
