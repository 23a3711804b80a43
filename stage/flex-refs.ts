import type { StageEvent } from './events.ts';

type Ids = Readonly<Record<string, unknown>>;

function jsonObject(text: string | null): Ids {
  try {
    return Object(JSON.parse(text ?? ''));
  } catch {
    return {};
  }
}

/** What stands in the JSON and the URLs of Twilio's forms about chats. */
export function idsInTwilioForm(form: URLSearchParams): Ids {
  const routing = Object(jsonObject(form.get('Routing')).properties).attributes;
  const address = form.get('Configuration.Url') ?? form.get('Configuration.url') ?? '';
  const inAddress = URL.canParse(address) ? Object.fromEntries(new URL(address).searchParams) : {};
  const texts = ['PreEngagementData', 'Attributes', 'TaskAttributes'].map((name) => jsonObject(form.get(name)));
  const unique = form.get('UniqueName');
  return Object.assign({}, inAddress, Object(routing), ...texts, unique === null ? {} : { handoverId: unique });
}

/** The SIDs by which Twilio names a chat in a request: of its conversation and of its interaction. */
export function chatSidsIn({ url, body }: Pick<StageEvent, 'url' | 'body'>): readonly string[] {
  return [...new Set(`${url} ${body}`.match(/(?:CH|KD)[0-9a-f]{32}(?![0-9a-f])/g) ?? [])];
}
