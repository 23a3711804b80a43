import * as v from 'valibot';
import { decode } from '../../shared/core/decode.ts';
import { Problem } from '../../shared/core/problems.ts';
import type { Env } from '../../shared/core/settings.ts';
import type { StageClock } from '../clock.ts';
import type { EventLog } from '../events.ts';
import type { Faults } from '../faults.ts';
import type { Schedule } from '../schedule.ts';
import type { Stream } from '../server.ts';
import type { Cast } from '../twins/cast.ts';
import type { SendWebhook } from '../webhooks.ts';
import { assistantDownScene } from './assistant-down.ts';
import { botcopyScene } from './botcopy.ts';
import { callBackScene } from './call-back.ts';
import { clickToCallScene } from './click-to-call.ts';
import { deskDownScene } from './desk-down.ts';
import { helpdeskScene } from './helpdesk.ts';
import { helpdeskAgentScene } from './helpdesk-agent.ts';
import { helpdeskOfflineScene } from './helpdesk-offline.ts';
import { helpdeskStatusScene } from './helpdesk-status.ts';
import { nobodyOnlineScene } from './nobody-online.ts';
import { nobodyThereScene } from './nobody-there.ts';
import { others } from './people.ts';
import { phoneScene } from './phone.ts';
import { playScene, type Scene } from './scene.ts';
import { transferScene } from './transfer.ts';
import { watsonChatScene } from './watson-chat.ts';
import { webchatScene } from './webchat.ts';

interface SceneParts {
  readonly cast: Cast;
  readonly log: EventLog;
  readonly settings: Env;
  readonly clock: StageClock;
  readonly sendWebhook: SendWebhook;
  readonly schedule: Schedule;
  readonly faults: Faults;
}

/** Every scene by its name, made anew each time that it is played. */
export function allScenes({ cast, log, schedule, ...parts }: SceneParts): Readonly<Record<string, () => Scene>> {
  const {
    TWILIO_PHONE_NUMBER: number = '',
    AGENT_NUMBERS = '',
    BOT_IDS = '',
    STAGE_HELPDESK_NUMBER = '',
  } = parts.settings;
  const [botId = 'bot-1'] = BOT_IDS.split(' ');
  const agents = AGENT_NUMBERS.split(' ');
  const folk = others(parts);
  const phone = { ...cast, number, agents, schedule, others: folk };
  const chats = { ...cast, ...parts, others: folk };
  const desk = { ...cast, ...parts, log, schedule, others: folk, helpdesk: STAGE_HELPDESK_NUMBER };
  return {
    phone: () => phoneScene({ ...phone, log, customer: '+15005550001' }),
    'assistant-down': () => assistantDownScene(phone),
    'click-to-call': () => clickToCallScene(phone),
    'nobody-there': () => nobodyThereScene(phone),
    'call-back': () => callBackScene(phone),
    botcopy: () => botcopyScene({ ...cast, botId }),
    'watson-chat': () => watsonChatScene(cast),
    webchat: () => webchatScene(chats),
    transfer: () => transferScene(chats),
    'nobody-online': () => nobodyOnlineScene({ ...chats, schedule }),
    'desk-down': () => deskDownScene({ ...phone, clock: parts.clock, faults: parts.faults }),
    helpdesk: () => helpdeskScene(desk),
    'helpdesk-status': () => helpdeskStatusScene(desk),
    'helpdesk-agent': () => helpdeskAgentScene(desk),
    'helpdesk-offline': () => helpdeskOfflineScene(desk),
  };
}

const asked = v.strictObject({ scene: v.string() });

/** Plays one of the scenes and writes what happens as lines of JSON. */
export function playRequest(scenes: Readonly<Record<string, () => Scene>>): Stream {
  return (input) => {
    const { scene } = decode(asked, input);
    const make = Object.hasOwn(scenes, scene) ? scenes[scene] : undefined;
    if (!make) throw new Problem('invalid_request', { extra: { scenes: Object.keys(scenes) } });
    return async (write) => {
      await playScene(make(), (report) => write(`${JSON.stringify(report)}\n`));
    };
  };
}
