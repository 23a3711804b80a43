import type { PlayVerb } from './engine.ts';
import { hear } from './leg.ts';
import { setStatus } from './status.ts';
import { askForTwiml } from './webhook.ts';

export const playSay: PlayVerb = async (_engine, leg, { text, attributes }) => {
  for (let times = Number(attributes.loop ?? 1); times > 0; times--) hear(leg, 'line', text);
  return undefined;
};

export const playPlay: PlayVerb = async (_engine, leg, { text, attributes }) => {
  hear(leg, 'line', attributes.digits ? `(tones ${attributes.digits})` : `(plays ${text})`, 5);
  return undefined;
};

export const playPause: PlayVerb = async (_engine, leg, { attributes }) => {
  leg.seconds += Number(attributes.length ?? 1);
  return undefined;
};

export const playRedirect: PlayVerb = async (engine, leg, { text, attributes }, { url: baseUrl }) => {
  const method = attributes.method === 'GET' ? 'GET' : 'POST';
  return (await askForTwiml(engine, leg, { url: text, baseUrl, method, more: {} })) ?? 'hang-up';
};

export const playReject: PlayVerb = async (engine, leg, { attributes }) => {
  setStatus(engine, leg, attributes.reason === 'busy' ? 'busy' : 'no-answer');
  return 'hang-up';
};

export const playHangup: PlayVerb = async () => 'hang-up';
