import * as v from 'valibot';
import { readCursor } from '../shared/core/agent-view/cut.ts';
import { listPage, openHandovers } from '../shared/core/agent-view/list.ts';
import { handoverPage } from '../shared/core/agent-view/page.ts';
import { frameSettings, pageReply } from '../shared/core/agent-view/policy.ts';
import { refusalPage, refusalStatus } from '../shared/core/agent-view/refusal.ts';
import { findHandover, viewOf } from '../shared/core/agent-view/view.ts';
import { wordsFor } from '../shared/core/agent-view/words.ts';
import { ownParameter } from '../shared/core/call/own-parameter.ts';
import { agentCaller, signList } from '../shared/core/callers/agent.ts';
import { agentLink, signNow } from '../shared/core/callers/agent-link.ts';
import { ID } from '../shared/core/decode.ts';
import { defineFunction } from '../shared/core/function.ts';
import { shortHash } from '../shared/core/hash.ts';
import type { Inbound } from '../shared/core/inbound.ts';
import { Problem } from '../shared/core/problems.ts';
import { publicUrls } from '../shared/core/public-urls.ts';
import { json, type Reply } from '../shared/core/reply.ts';
import { together } from '../shared/core/settings.ts';
import { openTable, tableSettings } from '../shared/store/table.ts';
import { againScript, handoverScript, listScript, pageStyle } from '../web/agent-view/page-files.ts';

const handoverFiles = { script: handoverScript, style: pageStyle };
const listFiles = { script: listScript, style: pageStyle };
const againFiles = { script: againScript, style: pageStyle };
const refusalFiles = { style: pageStyle };

const accepts = ({ headers }: Inbound, type: string): boolean => headers.accept?.includes(type) ?? false;
const wantsJson = (inbound: Inbound) => accepts(inbound, 'application/json') && !accepts(inbound, 'text/html');

/** JSON that whoever has it already need not get again. */
function jsonOnce(inbound: Inbound, value: unknown): Reply {
  const reply = json(200, value);
  const etag = `"${shortHash(reply.body)}"`;
  if (inbound.headers['if-none-match'] === etag) return { status: 304, headers: { etag }, body: '' };
  return { ...reply, headers: { ...reply.headers, etag } };
}

/** The handover that the address names; undefined for none. A name that is there twice, or is none of ours, is refused. */
function handoverIn(inbound: Inbound): string | undefined {
  const handoverId = ownParameter(inbound, 'handoverId');
  const isThere = handoverId !== undefined || new URLSearchParams(inbound.query).has('handoverId');
  if (isThere && !ID.test(handoverId ?? '')) throw new Problem('invalid_request', { reason: 'handoverId' });
  return handoverId;
}

/** What a person must know who takes over: in a browser as it happens, and for other programs as JSON. */
export default defineFunction({
  name: 'agent-view',
  purpose: 'Shows an agent who wants what, what was said and how it stands, while it happens; or what is open',
  calledBy: 'an agent: the browser by a signed link, or their desk with a session',
  methods: ['GET'],
  caller: agentCaller,
  input: { media: 'none', schema: v.unknown(), names: [] },
  settings: together(tableSettings, publicUrls, frameSettings),
  ports: { table: openTable },
  deadlineMs: 4_000,
  headers: { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' },

  async answer({ who, settings, ports, clock, inbound, note }) {
    const { SESSION_SECRET, AGENT_FRAME_ORIGINS, urls } = settings;
    const nowMs = clock.nowMs();
    const words = wordsFor(inbound.headers['accept-language']);
    const mayOpen = (agent: string | undefined) => who.kind === 'viewer' || agent === undefined || agent === who.sub;
    const handoverId = handoverIn(inbound);
    note({ viewer: who.kind });
    if (handoverId === undefined) {
      const linkTo = (id: string) => agentLink(urls, SESSION_SECRET, id, nowMs);
      const handovers = await openHandovers({ tables: ports.table, nowMs, mayOpen, linkTo });
      note({ open: handovers.length });
      if (who.kind === 'viewer' || wantsJson(inbound)) return json(200, { handovers });
      const { sub: agent, endsAtMs: until } = who;
      const polling = { agent, until, token: signList(agent, until, SESSION_SECRET, nowMs) };
      return pageReply(200, listPage(handovers, polling, words, listFiles), listFiles, AGENT_FRAME_ORIGINS);
    }
    const found = await findHandover(ports.table, handoverId, nowMs);
    if (!mayOpen(found.whole.facts.agent)) throw new Problem('forbidden', { reason: 'of another agent' });
    if (wantsJson(inbound) && ownParameter(inbound, 'renew') !== undefined)
      return json(200, { url: agentLink(urls, SESSION_SECRET, handoverId, nowMs) });
    const view = await viewOf(ports.table, found, readCursor(ownParameter(inbound, 'before')));
    note({ state: view.state, lines: view.lines.length });
    if (wantsJson(inbound)) return jsonOnce(inbound, view);
    const token = who.kind === 'viewer' ? who.viewToken : signNow('view', handoverId, SESSION_SECRET, nowMs);
    return pageReply(200, handoverPage(view, token, words, handoverFiles), handoverFiles, AGENT_FRAME_ORIGINS);
  },

  // A person sees why in words; a program gets the problem as JSON.
  recover(problem, { settings, id, inbound }) {
    if (!accepts(inbound, 'text/html')) return undefined;
    const files = problem.code === 'unauthorized' ? againFiles : refusalFiles;
    const page = refusalPage(problem, id, wordsFor(inbound.headers['accept-language']), files);
    return pageReply(refusalStatus(problem), page, files, settings.AGENT_FRAME_ORIGINS);
  },
});
