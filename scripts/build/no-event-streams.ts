/**
 * Takes the place of the SDK's event streams in bundles: DynamoDB's operations have none. The SDK imports them late, and
 * what is reached by a late import is kept apart from the rest, here most of the SDK: an engine reads that twice.
 */
export class EventStreamSerde {
  constructor() {
    throw new Error('there are no event streams here');
  }
}

export const eventStreamSerdeProvider = undefined;
