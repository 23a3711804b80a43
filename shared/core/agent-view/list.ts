import { codeInWords } from '../code-in-words.ts';
import type { Table } from '../table.ts';
import { dataFor, type Html, html } from './html.ts';
import { frame, timeOf } from './page.ts';
import type { PageFiles } from './policy.ts';
import type { Standing } from './standing.ts';
import { findHandover, type ViewTables } from './view.ts';
import type { Words } from './words.ts';

/** What the list says of one handover. */
export interface Listed {
  readonly handoverId: string;
  readonly conversationId: string;
  readonly kind: 'chat' | 'call';
  readonly state: Standing;
  readonly openedAtMs: number;
  readonly reason: string | null;
  readonly topic?: string | undefined;
  readonly name?: string | undefined;
  /** Opens it, for 15 minutes. */
  readonly url: string;
}

/** How many are looked at: what was opened before them is hardly open any more. */
const MOST = 40;

/** Nothing is to be done about these. */
const OVER: readonly Standing[] = ['ended', 'failed'];

interface ListParts {
  readonly tables: ViewTables & Pick<Table, 'openings'>;
  readonly nowMs: number;
  /** Whether this agent may see a handover that another may have. */
  mayOpen(agent: string | undefined): boolean;
  linkTo(handoverId: string): string;
}

/** The open handovers that an agent may take, newest first. One that cannot be read any more is left out. */
export async function openHandovers({ tables, nowMs, mayOpen, linkTo }: ListParts): Promise<readonly Listed[]> {
  const openings = await tables.openings.newest(nowMs, MOST);
  const listed = openings.map(async ({ handoverId, conversationId, kind, openedAtMs }) => {
    const found = await findHandover(tables, handoverId, nowMs).catch(() => undefined);
    if (!found || OVER.includes(found.head.state) || !mayOpen(found.whole.facts.agent)) return [];
    const { state, reason, topic, name } = found.head;
    return [{ handoverId, conversationId, kind, state, openedAtMs, reason, topic, name, url: linkTo(handoverId) }];
  });
  return (await Promise.all(listed)).flat();
}

const itemOf = (one: Partial<Listed>, words: Words): Html => html`<li class="open" data-id="${one.handoverId}">
<a href="${one.url}"><span class="name" dir="auto">${one.name ?? words.someone}</span></a>
<span class="state" data-state="${one.state}">${one.state && words.standings[one.state].label}</span>
<span class="kind">${one.kind && words.list[one.kind]}</span> ${timeOf(one.openedAtMs)}
<p class="why" dir="auto">${codeInWords(words.reasons, one.reason ?? one.topic)}</p>
</li>`;

/** What the opened page asks with for what is open by then. */
interface Polling {
  readonly agent: string;
  readonly until: number;
  readonly token: string;
}

/** The page of all open handovers. */
export function listPage(listed: readonly Listed[], polling: Polling, words: Words, files: PageFiles): Html {
  const body = html`<header>
<h1>${words.list.title}</h1>
</header>
<main class="list">
<ol id="open">
${listed.map((one) => itemOf(one, words))}
</ol>
<p id="none" ${listed.length > 0 ? { markup: 'hidden' } : undefined}>${words.list.none}</p>
<p id="note" class="note" role="status"></p>
</main>
<template id="item">${itemOf({}, words)}</template>
<script type="application/json" id="data">${dataFor({ ...polling, words })}</script>`;
  return frame({ words, files, title: words.list.title, body });
}
