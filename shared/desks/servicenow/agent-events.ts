import type { AgentProfile } from '../../core/handover/bot.ts';
import type { DeskEvent, DeskTold } from '../../core/handover/desk-told.ts';
import { shortHash } from '../../core/hash.ts';
import { ID } from '../../core/id.ts';
import { agentNamed } from './agent-named.ts';
import { controlText } from './control-text.ts';
import { type Callback, type Item, itemOf } from './payloads.ts';

/** Who does something, where a person does. */
function agentOf({ agentInfo }: Item): AgentProfile | undefined {
  if (agentInfo === undefined || agentInfo.sentFromAgent === false) return undefined;
  return agentNamed(agentInfo.agentName, agentInfo.agentAvatar);
}

const unitSeconds = { second: 1, minute: 60, hour: 3_600 } as const;

/** `8 Seconds`, `1 Minute 5 Seconds`; undefined for what is neither. */
function secondsIn(waitTime: string | undefined): number | undefined {
  const parts = [...(waitTime ?? '').matchAll(/(\d{1,6})\s*(second|minute|hour)/gi)];
  const seconds = parts.map(([, count, unit = '']) => {
    return Number(count) * unitSeconds[unit.toLowerCase() as keyof typeof unitSeconds];
  });
  return parts.length === 0 ? undefined : seconds.reduce((sum, one) => sum + one, 0);
}

/**
 * What an action says. Who types is only told after an agent has accepted. The start of the presence, of another
 * conversation and of what we do not know say nothing that the customer waits for.
 */
function actionEvent(item: Item): DeskEvent | undefined {
  const waitSeconds = secondsIn(item.waitTime);
  switch (item.actionType?.replace(/ActionMsg$/, '')) {
    case 'SubscribeToSupportQueue':
      return { kind: 'waiting' };
    case 'StartSpinner':
      return waitSeconds === undefined ? undefined : { kind: 'waiting', waitSeconds };
    case 'SwitchToLiveAgent':
      return { kind: 'joined', agent: agentOf(item), agentId: item.agentInfo?.agentId };
    case 'StartTypingIndicator':
      return item.agentInfo?.sentFromAgent === false ? undefined : { kind: 'types', agent: agentOf(item) };
    case 'SwitchToVirtualAgent':
      return { kind: 'ended', by: 'agent', agent: agentOf(item) };
    case 'System':
      return saysEvent(item, false);
    default:
      return undefined;
  }
}

/** What stands in an item. Where no person speaks, Virtual Agent speaks for the desk and has no name. */
function saysEvent(item: Item, isPerson: boolean): DeskEvent | undefined {
  const text = controlText(item);
  if (text === '') return undefined;
  if (!isPerson || item.agentInfo?.sentFromAgent === false)
    return { kind: 'says', text, agent: undefined, isShown: false, by: 'system' };
  return { kind: 'says', text, agent: agentOf(item), isShown: false };
}

/** The parts of a stream that came in one piece are one utterance, under the id of its first. */
function joinedStreams(items: readonly Item[]): readonly Item[] {
  const joined: Item[] = [];
  for (const item of items) {
    const last = joined.at(-1);
    const isMore = item.uiType === 'StreamChunk' && last?.uiType === 'StreamChunk';
    if (isMore && typeof item.value === 'string' && typeof last.value === 'string')
      joined[joined.length - 1] = { ...last, value: last.value + item.value };
    else joined.push(item);
  }
  return joined;
}

/** A text of the system beside a change of who speaks says the same once more. */
function withoutEchoes(items: readonly Item[]): readonly Item[] {
  const changes = items.some(({ actionType }) => /^SwitchTo(?:LiveAgent|VirtualAgent)$/.test(actionType ?? ''));
  return changes ? items.filter(({ actionType }) => actionType !== 'System') : items;
}

/**
 * The name of an item. Where it has none, what is equal in the answer to the same request counts as delivered again; so it
 * does in a stream, whose parts may share a name.
 */
function idOf(item: Item, place: number, { requestId }: Callback): string {
  const isNamed = ID.test(item.messageId ?? '') && item.uiType !== 'StreamChunk';
  return isNamed ? `${item.messageId}` : `v-${shortHash(JSON.stringify([requestId, place, item]))}`;
}

/**
 * What a callback of Virtual Agent says, in the order in which it stands there. Over it is once: by an agent, or without
 * one, when Virtual Agent gives up (`takeControl`, or `completed` while no person speaks).
 */
export function toldByAgent(callback: Callback): readonly DeskTold[] {
  const { clientSessionId, clientVariables, agentChat = false, completed, takeControl } = callback;
  const handoverId = clientVariables?.handoverId ?? clientSessionId;
  if (handoverId === undefined) return [];
  const items = withoutEchoes(joinedStreams(callback.body.map(itemOf).filter((item) => item !== undefined)));
  const told = items.flatMap((item, place) => {
    const event = item.uiType === 'ActionMsg' ? actionEvent(item) : saysEvent(item, agentChat);
    return event ? [{ event, id: idOf(item, place, callback) }] : [];
  });
  const said = told.filter(({ event }) => event.kind !== 'ended');
  const end = told.find(({ event }) => event.kind === 'ended')?.event;
  const isOver = end !== undefined || completed === true || takeControl === true;
  const over: DeskEvent = end ?? (agentChat ? { kind: 'ended', by: 'agent', agent: undefined } : { kind: 'failed' });
  const all = isOver ? [...said, { event: over, id: `${handoverId}-over` }] : said;
  return all.map(({ event, id: eventId }) => ({ about: { handoverId }, event, eventId, atMs: undefined }));
}
