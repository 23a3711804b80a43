import { expect, test } from 'vitest';
import { words } from '../../shared/bots/helpdesk/words-en.ts';
import { type LegStory, phoneStage } from './phone-stage.ts';

const stage = phoneStage({ SERVICENOW_URL: 'none' });

const YES_OR_NO = 'For yes, press 1. For no, press 2.';
const PRIORITIES = 'For low, press 1. For medium, press 2. For high, press 3.';

const texts = ({ heard }: LegStory) => heard.map(({ text }) => text);

test('row 41: without an instance a caller hears what would have been opened, and a status that is made up', async () => {
  const callSid = await stage.callIn({
    to: '+15005550012',
    speaks: [
      'hi',
      'i have a problem with my email',
      'anything at example dot com',
      'yes',
      'low',
      "Can't log in to my email",
      'yes',
      'thanks. Can i check the status of my other tickets?',
      'Yes please',
      'thanks',
      'goodbye',
    ],
  });
  const leg = await stage.over(callSid);
  expect([leg.status, leg.alerts]).toEqual(['completed', []]);
  const details = [
    'email: anything@example.com.',
    "problem description: Can't log in to my email.",
    'title: Problem with email.',
    'priority: low.',
  ];
  expect(texts(leg)).toEqual([
    ...[words.hello, words.offer, words.whatCanIDo],
    'hi',
    ...[words.hello, words.offer],
    'i have a problem with my email',
    'What is your email address?',
    'anything at example dot com',
    expect.stringMatching(/^I heard .*Is that right\?$/),
    YES_OR_NO,
    'yes',
    'What is the priority of this issue?',
    PRIORITIES,
    'low',
    'What is the problem description for the issue?',
    "Can't log in to my email",
    'Should I open an incident with the following details?',
    ...details,
    YES_OR_NO,
    'yes',
    'An incident with the following details would be opened if ServiceNow was connected:',
    ...details,
    words.anythingElse,
    'thanks. Can i check the status of my other tickets?',
    'Would you like to use the last email address you used, anything@example.com?',
    YES_OR_NO,
    'Yes please',
    "Since ServiceNow isn't connected, I'm making this up!",
    'The most recent incident for anything@example.com is currently awaiting triage.',
    words.anythingElse,
    'thanks',
    words.welcome,
    words.anythingElse,
    'goodbye',
    words.goodbye,
  ]);
  await stage.nobodyWasLeftAlone();
});
