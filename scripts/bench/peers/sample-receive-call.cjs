/**
 * What one would write from Watson's description of its phone integration with Flex: answer a call with a dial to the
 * assistant, made by Twilio's package, with the address of the function that takes the transfer. No signature is checked,
 * no number is looked at.
 */
exports.handler = async ({ body }) => {
  const { VoiceResponse } = require('twilio').twiml;
  const called = new URLSearchParams(Buffer.from(body, 'base64').toString()).get('Called');
  const answer = new VoiceResponse();
  const dial = answer.dial({ answerOnBridge: true, referUrl: 'https://handover.example.com/refer-handler' });
  dial.sip(`sip:${called}@sip.example.com;secure=true`);
  return { statusCode: 200, headers: { 'content-type': 'text/xml' }, body: answer.toString() };
};
