import { problemKinds } from '../../../shared/core/problems.ts';
import { callStatuses } from '../../../shared/core/table.ts';
import type { JsonSchema } from '../json-schema.ts';

/** An answer of an operation: what it says, and what it holds. */
export interface Answer {
  readonly description: string;
  readonly schema: JsonSchema;
}

const text = { type: 'string' };
const nullable = { type: 'string', nullable: true };

const answer = {
  result: { type: 'string', enum: ['success', 'error'] },
  message: { ...text, description: 'A true sentence in the language of the customer.' },
  code: { ...nullable, description: 'What went wrong.' },
  requestId: nullable,
  status: nullable,
};

export const problem: Answer = {
  description: 'Refused or failed, where no `action` was named.',
  schema: {
    type: 'object',
    required: ['error'],
    properties: {
      error: {
        type: 'object',
        required: ['code', 'message', 'id'],
        properties: { code: { type: 'string', enum: Object.keys(problemKinds) }, message: text, id: text },
      },
      requestId: { ...text, description: 'Of a call that may have been placed: ask about it.' },
      opensAt: { ...text, description: 'When somebody is there again.' },
      paused: { type: 'boolean', description: 'Of pause-check: never, when something went wrong.' },
    },
  },
};

export const callStands: Answer = {
  description: 'How the call stands.',
  schema: {
    type: 'object',
    properties: {
      ...answer,
      requestId: nullable,
      status: { ...nullable, enum: [...callStatuses, null] },
      reason: { ...text, description: 'Why it is over.' },
      at: { ...text, description: 'When it is due.' },
      callBack: { ...text, description: 'The requestId of the call-back that follows.' },
      opensAt: { ...text, description: 'When somebody is there again.' },
      retryAfterSec: { type: 'integer' },
      time: text,
    },
  },
};

export const callWished: Answer = {
  description: 'The call is under way, or due.',
  schema: {
    type: 'object',
    required: ['requestId', 'status'],
    properties: { requestId: text, status: { type: 'string', enum: ['calling', 'scheduled'] }, at: text },
  },
};

export const whoHasIt: Answer = {
  description: 'Who has the conversation.',
  schema: {
    type: 'object',
    required: ['paused'],
    properties: {
      ...answer,
      paused: { type: 'boolean', description: 'A person answers: the bot must be silent.' },
      minutesPaused: { type: 'integer' },
      untilMs: { type: 'integer' },
      reason: { ...text, description: 'Why nobody takes over.' },
    },
  },
};
