import { createHash } from 'node:crypto';

/** An agent of Flex, as TaskRouter and Conversations know them. */
export interface Worker {
  /** What people call them. */
  readonly fullName: string;
  /** Their name in TaskRouter, which is their identity in conversations. */
  readonly name: string;
  readonly sid: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** The agent of a name: the same whenever they come. */
export function workerOf(fullName: string): Worker {
  const name = fullName
    .trim()
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_');
  const sid = `WK${createHash('sha256').update(name).digest('hex').slice(0, 32)}`;
  const image_url = `https://cdn.example.com/agents/${name}.png`;
  return { fullName, name, sid, attributes: { full_name: fullName, contact_uri: `client:${name}`, image_url } };
}
