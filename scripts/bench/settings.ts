/** Settings with which every function starts. None is real. */
export function benchSettings(tableUrl: string, partnersUrl: string): Record<string, string> {
  const zeros = '0'.repeat(31);
  return {
    PUBLIC_BASE_URL: 'https://handover.example.com',
    TWILIO_ACCOUNT_SID: `AC${zeros}1`,
    TWILIO_AUTH_TOKEN: '0123456789abcdef0123456789abcdef',
    TWILIO_API_KEY: `SK${zeros}1`,
    TWILIO_API_SECRET: 'twilio-api-secret-0123456789abcdef',
    TWILIO_PHONE_NUMBER: '+15005550010',
    FLEX_ADDRESS_SID: `IG${zeros}1`,
    FLEX_CONVERSATIONS_SERVICE_SID: `IS${zeros}1`,
    STUDIO_WEBHOOK_URL: `https://webhooks.twilio.com/v1/Accounts/AC${zeros}1/Flows/FW${zeros}1`,
    WATSON_SIP_HOST: 'sip.example.com',
    AGENT_NUMBERS: '+15005550008',
    ALLOWED_COUNTRIES: 'US',
    ALLOWED_ORIGINS: 'https://shop.example.com',
    SESSION_SECRET: 'session-secret-0123456789abcdef-0123456789abcdef',
    BOT_ACCESS_TOKEN: 'bot-access-token-0123456789abcdef',
    DESK_API_KEY: 'desk-api-key-0123456789abcdef',
    DESK: 'webhook',
    DESK_WEBHOOK_URL: `${partnersUrl}/desk`,
    DESK_WEBHOOK_SECRET: `whsec_${Buffer.from('a secret of the webhook desk').toString('base64')}`,
    BOT_PUSH_URL: `${partnersUrl}/bot`,
    BOT_PUSH_SECRET: `whsec_${Buffer.from('a secret of the bot it is').toString('base64')}`,
    HANDOVER_TABLE: 'handover',
    AWS_REGION: 'us-east-1',
    AWS_ENDPOINT_URL_DYNAMODB: tableUrl,
    AWS_ACCESS_KEY_ID: 'bench',
    AWS_SECRET_ACCESS_KEY: 'bench',
    // As long as a role's own, which every request carries.
    AWS_SESSION_TOKEN: 's'.repeat(800),
  };
}
