/** Words that mean the same to a helpdesk, whatever else they mean. */
const kinds = {
  ticket: 'ticket tickets incident incidents case cases request requests sr issue issues',
  person:
    'human humans person people agent agents representative rep representatives operator someone somebody anyone anybody supervisor manager technician colleague employee staff expert specialist advisor guy lady',
  bot: 'bot bots robot robots machine chatbot chatbots voicebot ai assistant assistants automated recording',
  mail: 'email emails outlook mail mails mailbox inbox exchange gmail outbox webmail thunderbird attachment attachments',
  password: 'password passwords passcode login logon credentials pwd pin passphrase',
  account: 'account accounts profile user username',
  device:
    'computer laptop notebook pc printer scanner copier monitor screen display keyboard mouse phone tablet ipad iphone headset webcam camera projector microphone speaker speakers dock desktop macbook mac charger battery cable router server usb hardware touchpad trackpad beamer disk workstation device adapter',
  program:
    'excel word powerpoint teams zoom chrome browser sap slack acrobat windows software app application program website intranet sharepoint vpn network internet wifi lan onedrive citrix jira firefox edge portal database drive folder system webex skype crm pdf file files tool ethernet connection server salesforce oracle',
  fails:
    'broken broke breaks down dead slow frozen freezes freeze freezing stuck crash crashes crashed crashing hangs hanging fails failed failing error errors offline defective damaged malfunctioning glitching disconnecting disconnects disconnected unresponsive black blank flickering flickers jammed jam dying died weird',
  open: 'open create file log raise submit report register enter make',
  state: 'status update updates progress news',
  repaired: 'fixed resolved solved closed done repaired finished completed',
  give: 'transfer connect forward switch redirect hand pass',
  talk: 'talk speak chat',
} as const;

/** The kind of a word, where it has one. */
export const kindOf: ReadonlyMap<string, string> = new Map(
  Object.entries(kinds).flatMap(([kind, words]) => words.split(' ').map((word) => [word, kind] as const)),
);
