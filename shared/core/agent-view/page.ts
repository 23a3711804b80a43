import { codeInWords } from '../code-in-words.ts';
import type { Line } from '../handover/line.ts';
import { asItIs, dataFor, type Html, html } from './html.ts';
import type { PageFiles } from './policy.ts';
import type { HandoverView } from './view.ts';
import type { Words } from './words.ts';

interface Frame {
  readonly words: Words;
  readonly files: PageFiles;
  readonly title: string;
  readonly body: Html;
}

/** What all pages of an agent have in common. */
export function frame({ words, files, title, body }: Frame): Html {
  return html`<!doctype html>
<html lang="${words.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${asItIs(files.style)}</style>
</head>
<body>
${body}
${files.script === undefined ? undefined : html`<script type="module">${asItIs(files.script)}</script>`}
</body>
</html>
`;
}

const utc = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: 'UTC' });

/** A time as it is until the script writes it in the agent's own time zone. */
export const timeOf = (atMs: number | undefined): Html =>
  atMs === undefined
    ? html`<span class="when"></span>`
    : html`<span class="when" data-at="${atMs}">${utc.format(atMs)} UTC</span>`;

/** One line. The script clones an empty one for every line that comes later, so it is written once. */
const lineOf = (
  { by, text, atMs, id }: Partial<Line>,
  words: Words,
): Html => html`<li class="line ${by}" data-id="${id}">
<p class="head"><span class="by">${by && words.by[by]}</span> ${timeOf(atMs)}</p>
<p class="text" dir="auto">${text}</p>
</li>`;

const rowOf = (name: string, label: string, value: Html | string): Html =>
  html`<div class="row" data-row="${name}"><dt>${label}</dt><dd dir="auto">${value}</dd></div>`;

/** The rows that are about the handover itself, in their order; `fields` follow. */
const textRows = ['phone', 'topic', 'language', 'outcome', 'message'] as const;
const timeRows = ['openedAtMs', 'untilMs'] as const;

const fieldRows = (fields: Readonly<Record<string, string>>): readonly Html[] =>
  Object.entries(fields).map(([name, value]) => rowOf('field', name, value));

function knownRows(view: HandoverView, { rows, outcomes }: Words): readonly Html[] {
  const shown = { ...view, outcome: codeInWords(outcomes, view.outcome) };
  const texts = textRows.flatMap((name) => (shown[name] === undefined ? [] : [rowOf(name, rows[name], shown[name])]));
  const times = timeRows.flatMap((name) =>
    view[name] === undefined ? [] : [rowOf(name, rows[name], timeOf(view[name]))],
  );
  return [...texts, ...times, rowOf('handoverId', rows.handoverId, view.handoverId), ...fieldRows(view.fields)];
}

/** What the script needs to go on where the page ends: the token for its polling, and the page's words. */
const dataOf = (view: HandoverView, token: string, words: Words) =>
  dataFor({ handoverId: view.handoverId, token, next: view.next, words, textRows, timeRows });

/** The page of one handover: who, why, what is known, what was said, what the agent can do. */
export function handoverPage(view: HandoverView, token: string, words: Words, files: PageFiles): Html {
  const { label, help } = words.standings[view.state];
  const who = view.name ?? words.someone;
  const body = html`<a class="skip" href="#said">${words.skip}</a>
<header>
<p id="state" class="state" data-state="${view.state}" role="status">${label}</p>
<h1 id="who" dir="auto">${who}</h1>
<p id="why" class="why" dir="auto">${codeInWords(words.reasons, view.reason ?? words.noReason)}</p>
<p id="note" class="note" role="status"></p>
</header>
<main>
<aside>
<details open>
<summary><h2>${words.known}</h2></summary>
<dl id="known">
${knownRows(view, words)}
</dl>
</details>
<details open id="draft" ${view.draft ? undefined : asItIs('hidden')}>
<summary><h2>${words.draft}</h2></summary>
<dl id="drafted">
${fieldRows(view.draft ?? {})}
</dl>
</details>
<details open id="advice">
<summary><h2>${words.help}</h2></summary>
<p id="help">${help}</p>
<p class="buttons"><button type="button" id="copy-summary">${words.copySummary}</button>
<button type="button" id="copy-id">${words.copyId}</button></p>
</details>
</aside>
<section aria-labelledby="said">
<h2 id="said" tabindex="-1">${words.said}</h2>
<button type="button" id="earlier" hidden>${words.earlier}</button>
<div role="log" aria-labelledby="said">
<ol id="lines">
${view.lines.map((line) => lineOf(line, words))}
</ol>
</div>
<p id="nothing-said" ${view.lines.length > 0 ? asItIs('hidden') : undefined}>${words.nothingSaid}</p>
<button type="button" id="newest" hidden>${words.newest}</button>
</section>
</main>
<template id="line">${lineOf({}, words)}</template>
<template id="row">${rowOf('', '', '')}</template>
<script type="application/json" id="data">${dataOf(view, token, words)}</script>`;
  return frame({ words, files, title: `${who} · ${words.title}`, body });
}
